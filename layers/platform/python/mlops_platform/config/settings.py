"""The typed seam between a construct and its function: one dataclass, written and read here."""

import dataclasses
import os
import typing
from collections.abc import Mapping
from typing import Any, Self

from mlops_platform.errors import ConfigurationError

_TRUE, _FALSE = "true", "false"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Settings:
    """Base of every function's settings: fields of type str, int, float or bool.

    A construct calls ``to_environment``, the function calls ``from_environment``; mypy finds the
    field that one of them forgot.

    Examples
    --------
    >>> @dataclasses.dataclass(frozen=True, kw_only=True)
    ... class Sample(Settings):
    ...     bucket: str
    ...     attempts: int = 3
    >>> Sample(bucket="b").to_environment()
    {'BUCKET': 'b', 'ATTEMPTS': '3'}
    >>> Sample.from_environment({"BUCKET": "b", "ATTEMPTS": "5"})
    Sample(bucket='b', attempts=5)
    """

    def to_environment(self) -> dict[str, str]:
        """Return the fields as environment variables in capitals."""
        return {
            name.upper(): _FALSE if value is False else _TRUE if value is True else str(value)
            for name, value in dataclasses.asdict(self).items()
        }

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Read the fields from environment variables.

        Raises
        ------
        ConfigurationError
            A variable is missing and has no default, or does not parse as its field's type.
        """
        source = os.environ if environment is None else environment
        types = typing.get_type_hints(cls)
        values: dict[str, Any] = {}
        for field in dataclasses.fields(cls):
            variable = field.name.upper()
            if variable in source:
                values[field.name] = _parse(source[variable], types[field.name], variable)
            elif field.default is dataclasses.MISSING:
                raise ConfigurationError(
                    f"{cls.__name__} needs the environment variable {variable}. "
                    "The construct of this function sets it; by hand, export it first."
                )
        return cls(**values)


def _parse(text: str, kind: Any, variable: str) -> Any:
    """Read one environment variable as `kind`."""
    if kind is bool:
        if text.lower() in {_TRUE, _FALSE}:
            return text.lower() == _TRUE
        raise ConfigurationError(f"{variable} is {text!r}; it must be 'true' or 'false'.")
    try:
        return kind(text)
    except ValueError as error:
        raise ConfigurationError(f"{variable} is {text!r}; it must be {kind.__name__}.") from error
