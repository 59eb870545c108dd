"""What a peer's programs find in their environment: nothing of ours."""

import os

_OURS = {"PYTHONPATH", "VIRTUAL_ENV"}


def peer_environment(**own: str) -> dict[str, str]:
    """Return this process's variables without those that lead to our modules, and `own` ones.

    Examples
    --------
    >>> "PYTHONPATH" in peer_environment(DO_NOT_TRACK="1")
    False
    """
    return {name: value for name, value in os.environ.items() if name not in _OURS} | own
