"""Moments on the command line."""

from datetime import UTC, datetime

import click


def moment_of(text: str | None) -> datetime | None:
    """Read an ISO moment; without a time zone it counts as UTC."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(
            f"{text!r} is not a moment such as 2026-03-01T00:00:00Z."
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
