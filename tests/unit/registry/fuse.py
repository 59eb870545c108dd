"""Kills a program at its n-th call to the outside, just before it or just after it."""

from typing import Any

from tests.unit.registry.fake_mlflow import FakeMlflow


class Killed(BaseException):
    """Not an Exception, so that no handler can mistake it for a failure to deal with."""


class Fuse:
    def __init__(self) -> None:
        self.ticks = 0
        self.blows_at: int | None = None

    def arm(self, at: int) -> None:
        self.ticks, self.blows_at = 0, at

    def disarm(self) -> None:
        self.blows_at = None

    def tick(self) -> None:
        self.ticks += 1
        if self.ticks == self.blows_at:
            raise Killed


class FusedMlflow(FakeMlflow):
    def __init__(self, fuse: Fuse) -> None:
        super().__init__()
        self.fuse = fuse

    def _call(self, method: str, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        self.fuse.tick()
        answer = super()._call(method, path, body)
        self.fuse.tick()
        return answer


class FusedClient:
    """A boto3 client whose every call may be the last."""

    def __init__(self, client: Any, fuse: Fuse) -> None:
        self._client = client
        self._fuse = fuse

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._client, name)
        if name == "exceptions" or not callable(attribute):
            return attribute

        def call(*arguments: Any, **keywords: Any) -> Any:
            self._fuse.tick()
            answer = attribute(*arguments, **keywords)
            self._fuse.tick()
            return answer

        return call
