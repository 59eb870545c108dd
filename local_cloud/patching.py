"""Replace a piece of moto where it has no public hook; notice when a new moto has moved it."""

from typing import Any

_originals: dict[tuple[Any, str], Any] = {}


def replace(owner: Any, name: str, replacement: Any) -> Any:
    """Set `owner.name` to `replacement` and return moto's own.

    A later cloud in the same process replaces the earlier one's replacement, and still gets moto's
    own back: replacements never wrap each other.

    Raises
    ------
    AttributeError
        When there was nothing: moto has changed, and the mending must be looked at again.
    """
    original = _originals.setdefault((owner, name), getattr(owner, name))
    setattr(owner, name, replacement)
    return original
