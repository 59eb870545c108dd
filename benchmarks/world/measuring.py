"""Measure a world, or a table of real cards, with the very same functions."""

from typing import Final

import numpy as np
import pandas as pd

from benchmarks.world.ambiguity import ambiguity
from benchmarks.world.amounts import amounts, moments_by_kind
from benchmarks.world.facts import KIND_MOMENTS
from benchmarks.world.late_labels import category_labels, fraud_labels
from benchmarks.world.observed import Observed
from benchmarks.world.paces import paces, repeat_share
from benchmarks.world.popularity import new_merchant_share, popularity
from benchmarks.world.statement_texts import statement_texts
from mlops_platform.data.world.merchants import KINDS

_KINDS: Final = {n: kind.name for n, kind in enumerate(KINDS) if kind.name in KIND_MOMENTS}


def measure_world(seen: Observed, whole_months: int) -> dict[str, float]:
    """Return every measure that `facts.FACTS` names.

    Parameters
    ----------
    seen
        The world's days.
    whole_months
        How many of its months, from the first on, are whole ones.
    """
    whole = seen.month < seen.month.min() + whole_months
    return {
        **popularity(seen.merchant),
        "new_merchant_share": new_merchant_share(seen.merchant, seen.month),
        **amounts(seen.amount_minor),
        **moments_by_kind(seen.amount_minor, seen.kind, _KINDS),
        **paces(seen.user[whole], seen.month[whole]),
        "repeat_share": repeat_share(seen.user, seen.merchant),
        **statement_texts(seen.description),
        **ambiguity(seen.merchant, seen.category),
        **fraud_labels(seen.is_fraud, seen.fraud_labels),
        **category_labels(seen.category, seen.category_labels),
    }


def measure_cards(cards: pd.DataFrame) -> dict[str, float]:
    """Return the measures that a table of real purchases allows.

    Parameters
    ----------
    cards
        Columns ``card_id``, ``merchant``, ``amount`` and ``date``.
    """
    letters = cards["merchant"].str.lower().str.replace(r"[^a-z]+", " ", regex=True).str.strip()
    merchant = letters.factorize()[0].astype(np.int64)
    user = cards["card_id"].factorize()[0].astype(np.int64)
    month = cards["date"].to_numpy().astype("datetime64[M]").astype(np.int64)
    return {
        **popularity(merchant),
        **amounts(np.rint(cards["amount"].to_numpy() * 100).astype(np.int64)),
        **paces(user, month),
        "repeat_share": repeat_share(user, merchant),
        **statement_texts(cards["merchant"]),
    }
