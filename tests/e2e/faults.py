"""What fault tests do to a platform, and how they wait for what follows."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self, TypeVar

from mlops_platform.aws.clients import client
from mlops_platform.sdk.discovery import discover
from tests.e2e.platform import Platform

T = TypeVar("T")

_LOOK_SECONDS = 0.02
_PATIENCE_SECONDS = 60.0


def eventually(look: Callable[[], T], what: str) -> T:
    """Look until there is something to see; return it."""
    waiting = threading.Event()
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not (seen := look()):
        assert time.monotonic() < deadline, f"This never came: {what}"
        waiting.wait(_LOOK_SECONDS)
    return seen


class Hunter:
    """Kills the next execution environment of each function as soon as it exists.

    It hunts from `start` to the end of its block.

    Parameters
    ----------
    platform
        Where it hunts.
    functions
        Parts of the functions' names.

    Attributes
    ----------
    hits
        How many environments of each function were killed.
    """

    def __init__(self, platform: Platform, *functions: str) -> None:
        self._platform = platform
        self.hits = dict.fromkeys(functions, 0)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._hunt, daemon=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        if self._thread.ident is not None:
            self._thread.join()

    def start(self) -> None:
        """Begin; without warm environments the next call needs one that starts, and is caught."""
        self._platform.kill("function")
        self._thread.start()

    def _hunt(self) -> None:
        while wanted := [name for name, hits in self.hits.items() if not hits]:
            if self._over.wait(0.01):
                return
            for name in wanted:
                self.hits[name] = self._platform.kill_function(name)


@contextmanager
def throttled(platform: Platform, *tables: str, **shortage: Any) -> Iterator[None]:
    """Let tables, by the names under which they are published, refuse writes in the block."""
    names = [discover(platform.config, table) for table in tables]
    platform.admin("POST", "/dynamodb-throttling", {"tables": names, **shortage})
    try:
        yield
    finally:
        platform.admin("POST", "/dynamodb-throttling")


@contextmanager
def paused(platform: Platform, function: str) -> Iterator[None]:
    """Let no schedule start a function in the block."""
    (arn,) = [
        each["FunctionArn"]
        for page in client("lambda").get_paginator("list_functions").paginate()
        for each in page["Functions"]
        if function in each["FunctionName"]
    ]
    rules = client("events").list_rule_names_by_target(TargetArn=arn)["RuleNames"]
    assert rules, f"No schedule starts {function} in {platform.config.environment}."
    for rule in rules:
        client("events").disable_rule(Name=rule)
    try:
        yield
    finally:
        for rule in rules:
            client("events").enable_rule(Name=rule)


def n_refused(platform: Platform) -> int:
    """Return how many writes the tables have refused in this shortage."""
    refused = platform.admin("GET", "/dynamodb-throttling")["refused"]
    return int(sum(refused.values()))


def n_killed(platform: Platform, function: str) -> int:
    """Return how many invocations of a function have ended with its process, by its log."""
    return sum(line == "Runtime.ExitError" for line in log_lines(platform, function))


def log_lines(platform: Platform, function: str) -> list[str]:
    """Return all that a function, and Lambda about it, has logged."""
    # Before it looks what is on its way, a drain writes every line to its group.
    platform.admin("POST", "/subscriptions/drain")
    groups = client("logs").describe_log_groups()["logGroups"]
    (group,) = [g["logGroupName"] for g in groups if f"{function}Records" in g["logGroupName"]]
    pages = client("logs").get_paginator("filter_log_events").paginate(logGroupName=group)
    return [event["message"] for page in pages for event in page["events"]]
