"""Where a bundle lies, for all who know its hash."""

from typing import Final

# Sixteen hexadecimal digits tell bundles apart; the registry keeps all sixty-four.
_FOLDER_DIGITS: Final = 16


def bundle_prefix(model_name: str, bundle_sha256: str) -> str:
    """Return the prefix of a bundle's files in the bundle bucket.

    Examples
    --------
    >>> bundle_prefix("fraud_detection", "0123456789abcdef" * 4)
    'fraud_detection/0123456789abcdef/'
    """
    return f"{model_name}/{bundle_sha256[:_FOLDER_DIGITS]}/"
