"""What the texts of statement lines look like."""

import re
from collections.abc import Iterable
from typing import Final

import numpy as np

URL_LIKE: Final = re.compile(r"www|http|\.(co|com|org|net)\b", re.IGNORECASE)
DIGIT: Final = re.compile(r"\d")


def statement_texts(texts: Iterable[str]) -> dict[str, float]:
    """Return lengths in characters, and the shares that hold a digit or look like a URL."""
    lines = list(texts)
    lengths = [len(line) for line in lines]
    return {
        "text_median_length": float(np.median(lengths)),
        "text_max_length": float(max(lengths)),
        "text_digits_share": sum(bool(DIGIT.search(line)) for line in lines) / len(lines),
        "text_url_share": sum(bool(URL_LIKE.search(line)) for line in lines) / len(lines),
    }
