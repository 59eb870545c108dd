"""A point of a search space, drawn at random from its ranges."""

import math
from collections.abc import Callable
from random import Random
from typing import Any

_INTEGER, _CONTINUOUS, _CATEGORICAL = (
    "IntegerParameterRanges",
    "ContinuousParameterRanges",
    "CategoricalParameterRanges",
)
# By ScalingType: from a parameter's value to where equal steps are equally likely, and back.
_SCALES: dict[str, tuple[Callable[[float], float], Callable[[float], float]]] = {
    "Auto": (float, float),
    "Linear": (float, float),
    "Logarithmic": (math.log, math.exp),
}


class UnsupportedRangeError(Exception):
    """A range that the local cloud cannot draw from."""


def check_ranges(ranges: dict[str, list[dict[str, Any]]]) -> None:
    """Refuse ranges that `draw` does not know.

    Raises
    ------
    UnsupportedRangeError
        Naming the kind or the scale.
    """
    unknown = set(ranges) - {_INTEGER, _CONTINUOUS, _CATEGORICAL}
    scales = {
        each.get("ScalingType", "Auto")
        for kind in (_INTEGER, _CONTINUOUS)
        for each in ranges.get(kind) or []
    }
    unknown |= scales - set(_SCALES)
    if unknown:
        raise UnsupportedRangeError(
            f"The local cloud draws hyperparameters from integer, continuous and categorical "
            f"ranges on a scale of {', '.join(_SCALES)}, not {', '.join(sorted(unknown))}."
        )


def draw(ranges: dict[str, list[dict[str, Any]]], random: Random) -> dict[str, str]:
    """Return a value for each hyperparameter of a ParameterRanges, as a text.

    >>> draw({"CategoricalParameterRanges": [{"Name": "a", "Values": ["x"]}]}, Random(0))
    {'a': 'x'}
    >>> tens = {"Name": "b", "MinValue": "10", "MaxValue": "10", "ScalingType": "Logarithmic"}
    >>> draw({"IntegerParameterRanges": [tens]}, Random(0))
    {'b': '10'}
    """
    drawn = {each["Name"]: random.choice(each["Values"]) for each in ranges.get(_CATEGORICAL) or []}
    for each in ranges.get(_CONTINUOUS) or []:
        drawn[each["Name"]] = str(_between(each, random))
    for each in ranges.get(_INTEGER) or []:
        drawn[each["Name"]] = str(round(_between(each, random)))
    return drawn


def _between(parameter: dict[str, str], random: Random) -> float:
    low, high = float(parameter["MinValue"]), float(parameter["MaxValue"])
    there, back = _SCALES[parameter.get("ScalingType", "Auto")]
    # Rounding may carry a value past its bound.
    return min(max(back(random.uniform(there(low), there(high))), low), high)
