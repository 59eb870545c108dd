from tests.unit.monitoring.conftest import (
    aws,
    credentials,
    fast_transactions,
    platform,
    series,
)

__all__ = ["aws", "credentials", "fast_transactions", "platform", "series"]
