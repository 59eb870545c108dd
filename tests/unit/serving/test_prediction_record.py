import io
import uuid
from contextlib import redirect_stdout
from typing import Any

import numpy as np
import orjson
from hypothesis import given
from hypothesis import strategies as st

from mlops_platform.serving.prediction_id import time_ordered_uuid
from mlops_platform.serving.prediction_record import RecordWriter

values: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.text(),
    st.floats(allow_nan=False, allow_infinity=False),
)
names = st.text()
predictions = st.lists(
    st.fixed_dictionaries(
        {
            "prediction_id": names,
            "model_name": names,
            "model_version": names,
            "features": st.dictionaries(names, values),
            "output": st.dictionaries(names, values),
        }
    ),
    min_size=1,
    max_size=5,
)


class CountingStream(io.StringIO):
    """Stdout that remembers in how many pieces it was written."""

    n_writes = 0

    def write(self, text: str) -> int:
        self.n_writes += 1
        return super().write(text)


@given(predictions)
def test_every_record_is_one_whole_line_whatever_it_holds(rows: list[dict[str, Any]]) -> None:
    stream = CountingStream()
    with redirect_stdout(stream):
        RecordWriter().write(rows, degraded=[], compute_ms=1.0, lookup_ms=0.0)

    lines = stream.getvalue().split("\n")
    assert stream.n_writes == 1
    assert lines.pop() == ""
    records = [orjson.loads(line) for line in lines]
    assert [{name: r[name] for name in rows[0]} for r in records] == rows
    assert [record["sequence"] for record in records] == list(range(1, len(rows) + 1))


@given(st.lists(st.floats(width=32, allow_infinity=False), min_size=1, max_size=70))
def test_an_input_row_is_read_back_as_the_very_numbers_that_the_model_took(
    numbers: list[float],
) -> None:
    row = np.array(numbers, dtype=np.float32)
    stream = CountingStream()
    with redirect_stdout(stream):
        RecordWriter().write([{"inputs": row}], degraded=[], compute_ms=1.0, lookup_ms=0.0)

    written = orjson.loads(stream.getvalue())["inputs"]
    assert [number is None for number in written] == np.isnan(row).tolist()
    np.testing.assert_array_equal(np.array(written, dtype=np.float32), row)


def test_environments_have_names_of_their_own() -> None:
    assert RecordWriter().environment_id != RecordWriter().environment_id


def test_ids_are_uuids_of_version_seven_in_the_order_of_their_making() -> None:
    made = [time_ordered_uuid() for _ in range(1_000)]

    assert {uuid.UUID(text).version for text in made} == {7}
    assert {uuid.UUID(text).variant for text in made} == {uuid.RFC_4122}
    assert len(set(made)) == len(made)
    # The clock's last quarter of a microsecond may tie; nothing coarser may be out of order.
    assert [text[:18] for text in made] == sorted(text[:18] for text in made)
