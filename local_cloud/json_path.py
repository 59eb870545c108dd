"""JSONPath as far as AWS's events, targets and filters use it: plain steps."""

import re
from typing import Any

_STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d+)\]|\['([^']+)'\]")


def look_up(event: Any, path: str) -> Any:
    """Return what a JSONPath of plain steps (`$.detail.items[0]`) names; None if nothing.

    >>> look_up({"detail": {"items": [{"a": 1}]}}, "$.detail.items[0].a")
    1
    """
    found = event
    for match in _STEP.finditer(path.removeprefix("$")):
        name, index = match[1] or match[3], match[2]
        if name is not None and isinstance(found, dict):
            found = found.get(name)
        elif index is not None and isinstance(found, list) and int(index) < len(found):
            found = found[int(index)]
        else:
            return None
    return found
