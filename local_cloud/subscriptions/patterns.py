"""CloudWatch Logs filter patterns: terms, and selectors of JSON fields.

References
----------
.. [1] Amazon CloudWatch Logs user guide, "Filter pattern syntax".
"""

import functools
import json
import re
from collections.abc import Callable
from typing import Any

from local_cloud.subscriptions.selectors import parse_selector

Matcher = Callable[[str], bool]

_TERM = re.compile(r'(?P<sign>[-?]?)(?:"(?P<phrase>(?:[^"\\]|\\.)*)"|(?P<word>[^\s"]+))')


@functools.cache
def compile_pattern(pattern: str) -> Matcher:
    """Return a function that tells whether a log message matches `pattern`.

    Raises
    ------
    ValueError
        When the pattern is malformed, or of the space-delimited kind (`[a, b]`).

    >>> matches = compile_pattern('{ $.record = "prediction" }')
    >>> matches('{"record": "prediction"}'), matches("prediction")
    (True, False)
    >>> compile_pattern('ERROR -"timed out"')("ERROR: disk")
    True
    """
    text = pattern.strip()
    if text.startswith("{"):
        return _json_matcher(text)
    if text.startswith("["):
        raise ValueError("The local cloud does not read space-delimited filter patterns.")
    return _term_matcher(text)


def _json_matcher(text: str) -> Matcher:
    if not text.endswith("}"):
        raise ValueError(f"The filter pattern {text} lacks its closing brace.")
    select = parse_selector(text[1:-1])

    def matches(message: str) -> bool:
        try:
            document: Any = json.loads(message)
        except ValueError:
            return False
        return select(document)

    return matches


def _term_matcher(text: str) -> Matcher:
    terms: dict[str, list[str]] = {"": [], "-": [], "?": []}
    for match in _TERM.finditer(text):
        phrase = match["phrase"]
        term = match["word"] if phrase is None else re.sub(r"\\(.)", r"\1", phrase)
        terms[match["sign"]].append(term)

    def matches(message: str) -> bool:
        if any(term in message for term in terms["-"]):
            return False
        if not all(term in message for term in terms[""]):
            return False
        # Optional terms count only where no term is required.
        alternatives = [] if terms[""] else terms["?"]
        return not alternatives or any(term in message for term in alternatives)

    return matches
