"""A card tells data, metrics by segment, champion, limits and lineage, and is the same again."""

import pytest

from mlops_platform.training.model_card import Purpose, model_card

PURPOSE = Purpose(
    answers="Tells sheep from goats.", accuracy="the share told", limits=("No cows.",)
)
EVALUATION = {
    "model_name": "sheep",
    "as_of": "2026-03-01T00:00:00Z",
    "data_snapshot": {
        "rows": 12_345,
        "first": "2026-01-01",
        "last": "2026-02-28",
        "sha256": "ab12",
    },
    "metrics": {"accuracy": 0.75, "n_rows": 4_000},
    "segments": {"young": {"accuracy": 0.5, "n_rows": 1_000}, "old": {"n_rows": 3_000}},
    "candidates": [{"algorithm": "ear_length", "accuracy": 0.7}],
    "champion": None,
}
LINEAGE = {"code_version": "abc", "random_state": 7}


@pytest.fixture(scope="module")
def card() -> str:
    return model_card(PURPOSE, EVALUATION, LINEAGE)


@pytest.mark.parametrize(
    "line",
    [
        "# sheep, as of 2026-03-01T00:00:00Z",
        "Tells sheep from goats.",
        "12,345 rows from 2026-01-01 to 2026-02-28, SHA-256",
        "Accuracy is the share told.",
        "| rows | accuracy | n_rows |",
        "| all | 0.7500 | 4,000 |",
        "| young | 0.5000 | 1,000 |",
        # What could not be measured of a part stays empty.
        "| old |  | 3,000 |",
        '- `{"accuracy": 0.7, "algorithm": "ear_length"}`',
        "- No cows.",
        '- code_version: `"abc"`',
        "- random_state: `7`",
    ],
)
def test_a_card_says(card: str, line: str) -> None:
    assert line in card.splitlines()


def test_a_first_version_is_compared_with_nothing(card: str) -> None:
    assert "champion" not in card


def test_a_later_version_stands_beside_the_champion() -> None:
    champion = {
        "semantic_version": "1.0.0",
        "metrics": {"accuracy": 0.7, "n_rows": 4_000},
        "paired": {
            "metric": "accuracy",
            "difference": 0.05,
            "standard_error": 0.01,
            "n_blocks": 20,
        },
    }

    lines = model_card(PURPOSE, {**EVALUATION, "champion": champion}, LINEAGE).splitlines()

    assert "| this version | 0.7500 | 4,000 |" in lines
    assert "| 1.0.0 | 0.7000 | 4,000 |" in lines
    assert "accuracy differs by +0.0500, standard error " in lines
    assert "0.0100 over 20 blocks of users." in lines
