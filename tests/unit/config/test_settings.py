"""Settings survive the way from a construct to its function."""

import dataclasses
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlops_platform.config import functions
from mlops_platform.config.settings import Settings
from mlops_platform.errors import ConfigurationError

ALL_SETTINGS = [
    value
    for value in vars(functions).values()
    if isinstance(value, type) and issubclass(value, Settings) and value is not Settings
]
LIBRARY = Path(functions.__file__).parents[1]
EXAMPLES = {str: "a value", int: 7, float: 0.25, bool: True}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sample(Settings):
    text: str
    count: int
    share: float
    flag: bool
    attempts: int = 3


@given(
    text=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    count=st.integers(),
    share=st.floats(allow_nan=False),
    flag=st.booleans(),
)
def test_what_a_construct_writes_the_function_reads(
    text: str, count: int, share: float, flag: bool
) -> None:
    settings = Sample(text=text, count=count, share=share, flag=flag)

    assert Sample.from_environment(settings.to_environment()) == settings


@pytest.mark.parametrize("kind", ALL_SETTINGS, ids=lambda kind: kind.__name__)
def test_every_function_settings_class_survives_the_round_trip(kind: type[Settings]) -> None:
    fields = {f.name: EXAMPLES[f.type] for f in dataclasses.fields(kind)}  # type: ignore[index]
    settings = kind(**fields)

    assert kind.from_environment(settings.to_environment()) == settings


@pytest.mark.parametrize("kind", ALL_SETTINGS, ids=lambda kind: kind.__name__)
def test_every_setting_is_read_by_some_code(kind: type[Settings]) -> None:
    sources = [path.read_text() for path in LIBRARY.rglob("*.py")]
    readers = "".join(source for source in sources if kind.__name__ in source)

    for field in dataclasses.fields(kind):
        assert re.search(rf"\.{field.name}\b", readers), field.name


def test_a_missing_variable_is_named() -> None:
    with pytest.raises(ConfigurationError, match="environment variable COUNT"):
        Sample.from_environment({"TEXT": "t"})


@pytest.mark.parametrize(("variable", "text"), [("COUNT", "many"), ("FLAG", "perhaps")])
def test_a_variable_of_the_wrong_type_is_named(variable: str, text: str) -> None:
    environment = {"TEXT": "t", "COUNT": "1", "SHARE": "0.5", "FLAG": "true", variable: text}

    with pytest.raises(ConfigurationError, match=f"{variable} is '{text}'"):
        Sample.from_environment(environment)
