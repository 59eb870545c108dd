"""Features are the same everywhere, whoever computes them."""

import json
import math
import os
import subprocess
import sys
from datetime import date

import numpy as np
import pytest

from mlops_platform.data.world.world import World
from mlops_platform.models.categorization.dataset import from_tables
from mlops_platform.models.categorization.features import (
    Transaction,
    amount_bins,
    from_columns,
    from_request,
    hashed_rows,
)
from mlops_platform.models.categorization.hashed_rows import HashedRows
from mlops_platform.models.categorization.text_features import (
    N_BUCKETS,
    WHOLE_VALUE,
    brand_key,
    bucket,
    character_grams,
    text_features,
    words,
)
from tests.unit.models.categorization.small_shops import high_street

PROGRAM = """
import json
from mlops_platform.models.categorization.features import Transaction, hashed_rows
rows = hashed_rows([Transaction("Café Nero 12", 3.5, {"card": "a"}, 7)])
print(json.dumps([rows.indices.tolist(), rows.values.tolist(), rows.brand.tolist()]))
"""


def assert_equal(left: HashedRows, right: HashedRows) -> None:
    for name in ("indices", "values", "offsets", "brand"):
        np.testing.assert_array_equal(getattr(left, name), getattr(right, name))


@pytest.mark.parametrize(
    ("descriptor", "expected"),
    [
        ("TESCO STORES 2243", ["tesco", "stores"]),
        ("amazon *mktplce eu-uk", ["amazon", "mktplce", "eu", "uk"]),
        ("http://www.flybe.co", ["flybe"]),
        ("trainline.com ltd", ["trainline", "ltd"]),
        ("MCDONALD'S", ["mcdonalds"]),
        ("bp six ways f/stn", ["bp", "six", "ways", "f", "stn"]),
        ("Straße CAFÉ", ["strasse", "cafe"]),
        ("welcome company", ["welcome", "company"]),
        ("4711 - 0815", []),
        ("", []),
    ],
)
def test_a_descriptor_is_reduced_to_its_words(descriptor: str, expected: list[str]) -> None:
    assert words(descriptor) == expected


def test_stores_of_one_chain_share_a_brand() -> None:
    assert brand_key("Tesco Stores 2243") == brand_key("TESCO  STORES-3084") == "tesco stores"


def test_character_grams_are_all_of_length_two_to_five_within_the_marked_word() -> None:
    marked = " tesco "
    expected = {marked[i:j] for i in range(7) for j in range(i + 2, min(i + 5, 7) + 1)}

    assert set(character_grams("tesco")) == expected
    assert len(character_grams("tesco")) == 6 + 5 + 4 + 3


def test_known_buckets_stay_where_they_are() -> None:
    # CRC-32 of "123456789" is 0xCBF43926 by its specification, times 2^64 / golden ratio.
    assert bucket("", "123456789") == ((0xCBF43926 * 0x9E3779B97F4A7C15) % 2**64) >> 43


def test_each_kind_of_gram_has_length_one_and_the_whole_less() -> None:
    _, values = text_features("tesco stores 2243")

    # Characters, words and pairs; the brand and what is printed.
    assert sum(value**2 for value in values) == pytest.approx(3 + 2 * WHOLE_VALUE**2)


def test_another_process_with_another_hash_seed_computes_the_same_rows() -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    context = {"card": "a"}
    here = hashed_rows([Transaction("Café Nero 12", 3.5, context, 7)])

    assert len(outputs) == 1
    assert json.loads(outputs.pop()) == [
        here.indices.tolist(),
        here.values.tolist(),
        here.brand.tolist(),
    ]


def test_a_request_and_the_tables_make_the_same_transaction() -> None:
    day = date(2025, 1, 6)
    world = World(seed=5, n_users=50)
    table = world.transactions(day, day)
    labels = world.category_labels(day, day, until=day)
    trained_on = from_tables(table.to_pandas(), labels.to_pandas())
    request_of = {row["transaction_id"]: row for row in table.to_pylist()}

    for row, transaction in zip(trained_on.transaction_id, trained_on.transactions, strict=True):
        request = request_of[row]
        moment = int(request.pop("timestamp").timestamp())
        assert from_request(request, moment) == transaction


def test_columns_and_transactions_make_the_same_rows() -> None:
    transactions, _ = high_street(20)
    columns = from_columns(
        [row.descriptor for row in transactions],
        np.array([row.amount for row in transactions]),
        {"card": [row.context["card"] for row in transactions]},
        [row.timestamp for row in transactions],
    )

    assert columns == transactions


def test_a_request_with_nothing_but_an_empty_text_is_a_row_of_unknowns() -> None:
    rows = hashed_rows([from_request({"description": ""}, 0)])

    assert len(rows) == 1
    assert rows.brand.tolist() == [bucket("brand", "")]
    assert np.isfinite(rows.values).all()


@pytest.mark.parametrize("amount", [math.nan, math.inf, -math.inf])
def test_an_amount_that_is_no_number_is_unknown(amount: float) -> None:
    assert set(amount_bins(amount).values()) == {"unknown"}


def test_a_refund_is_not_its_purchase() -> None:
    assert amount_bins(-20.0) != amount_bins(20.0)
    assert amount_bins(-20.0)["cents"] == amount_bins(20.0)["cents"] == "0"


def test_indices_stay_inside_the_space() -> None:
    rows = hashed_rows(high_street(200)[0])

    assert rows.indices.min() >= 0
    assert rows.indices.max() < N_BUCKETS


def test_padding_keeps_every_value_and_adds_only_zeros() -> None:
    rows = hashed_rows([Transaction("a"), Transaction("tesco stores 12", 3.0, {"card": "x"})])
    indices, values = rows.padded()

    for row in range(2):
        start, end = rows.offsets[row : row + 2]
        length = end - start
        np.testing.assert_array_equal(indices[row, :length], rows.indices[start:end])
        np.testing.assert_array_equal(values[row, :length], rows.values[start:end])
        assert not values[row, length:].any()


def test_taking_rows_equals_computing_them() -> None:
    transactions, _ = high_street(30)
    rows = hashed_rows(transactions)

    assert_equal(rows.take(np.array([7, 3])), hashed_rows([transactions[7], transactions[3]]))
    mask = np.arange(30) % 2 == 0
    assert_equal(rows.take(mask), hashed_rows(transactions[::2]))


def test_no_rows_make_an_empty_table() -> None:
    rows = hashed_rows([])

    assert len(rows) == 0
    assert rows.padded()[0].shape == (0, 1)


def test_serving_features_import_nothing_heavy() -> None:
    program = (
        "import sys, mlops_platform.models.categorization.features,"
        " mlops_platform.models.categorization.corrections;"
        "print(sorted({'sklearn', 'scipy', 'pandas', 'onnx', 'xgboost'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]"
