"""What a state's `Catch` leaves of an error, as a sentence."""

import json
from collections.abc import Mapping


def sentence_of(error: Mapping[str, str]) -> str:
    """Return name and message of ``{"Error", "Cause"}``, whether or not a function raised it.

    Examples
    --------
    >>> sentence_of({"Error": "ParityError", "Cause": '{"errorMessage": "Off by 1.", "stack": []}'})
    'ParityError: Off by 1.'
    >>> sentence_of({"Error": "States.Timeout", "Cause": ""})
    'States.Timeout'
    """
    name, cause = error["Error"], error.get("Cause", "")
    try:
        message = json.loads(cause)["errorMessage"]
    except (ValueError, KeyError, TypeError):
        # Services answer with plain text.
        message = cause
    return f"{name}: {message}" if message else name
