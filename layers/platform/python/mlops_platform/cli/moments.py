"""Moments on the command line."""

from datetime import datetime

import click

from mlops_platform.moments import parse_moment


def moment_of(text: str | None) -> datetime | None:
    """Read an ISO moment; without a time zone it counts as UTC."""
    if text is None:
        return None
    try:
        return parse_moment(text)
    except ValueError as error:
        raise click.BadParameter(
            f"{text!r} is not a moment such as 2026-03-01T00:00:00Z."
        ) from error
