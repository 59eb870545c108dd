from tests.unit.serving.conftest import cloud, service

__all__ = ["cloud", "service"]
