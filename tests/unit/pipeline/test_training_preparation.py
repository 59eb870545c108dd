import dataclasses
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import botocore.session
import botocore.validate
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mlops_platform.errors import ConfigurationError, DataValidationError, ModelNotFoundError
from mlops_platform.pipeline.table_objects import DataBucket, TableObject, content_sha256
from mlops_platform.pipeline.training_preparation import TrainingPreparation
from mlops_platform.registry.routing_table import RoutingTable
from mlops_platform.serving.routing import Routing, Variant
from tests.unit.pipeline.conftest import DATA
from tests.unit.registry.tables import ROUTING

AS_OF = "2026-03-01T00:00:00Z"
MOMENTS = [datetime(2026, 2, day, 12, tzinfo=UTC) for day in (1, 2, 3)]


@pytest.fixture
def preparation(s3: Any, dynamodb: Any) -> TrainingPreparation:
    return TrainingPreparation(
        data_bucket=DataBucket(s3, DATA),
        routing_table=RoutingTable(dynamodb, ROUTING),
        encoder_weights="embedded",
    )


def transactions(**changes: Any) -> dict[str, Any]:
    return {
        "transaction_id": ["t1", "t2", "t3"],
        "user_id": ["u1", "u1", "u2"],
        "merchant_id": ["m1", "m2", "m1"],
        "timestamp": MOMENTS,
        "amount": [10.0, 20.0, 30.0],
        "currency": ["EUR"] * 3,
        "description": ["shop"] * 3,
        **changes,
    }


def labels(**changes: Any) -> dict[str, Any]:
    return {
        "transaction_id": ["t1", "t2"],
        "is_fraud": [False, True],
        "label_timestamp": [MOMENTS[1], MOMENTS[2]],
        **changes,
    }


def put(s3: Any, table: str, columns: dict[str, Any], name: str = "part-0") -> None:
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer)
    s3.put_object(Bucket=DATA, Key=f"{table}/{name}.parquet", Body=buffer.getvalue())


@pytest.fixture
def good_data(s3: Any) -> None:
    put(s3, "transactions", transactions())
    put(s3, "fraud_labels", labels())


def prepare(step: TrainingPreparation, **changes: Any) -> dict[str, Any]:
    request: dict[str, Any] = {
        "model_name": "fraud_detection",
        "as_of": AS_OF,
        "cause": "schedule",
        "execution_name": "fraud_detection-2026-03-01-schedule",
        "execution_input": {},
    }
    return step.prepare(**{**request, **changes})


@pytest.mark.usefixtures("good_data")
def test_good_tables_become_a_training_job_that_sagemaker_accepts(
    preparation: TrainingPreparation,
) -> None:
    answer = prepare(preparation)

    assert [channel["ChannelName"] for channel in answer["channels"]] == [
        "transactions",
        "fraud_labels",
    ]
    assert answer["snapshot"]["rows"] == 3
    assert answer["snapshot"]["first"] == "2026-02-01T12:00:00+00:00"
    assert answer["snapshot"]["last"] == "2026-02-03T12:00:00+00:00"
    assert answer["champion"] is None
    assert (answer["as_of"], answer["cause"]) == (AS_OF, "schedule")
    shape = (
        botocore.session.get_session()
        .get_service_model("sagemaker")
        .operation_model("CreateTrainingJob")
        .input_shape
    )
    assert shape is not None
    members = {
        "TrainingJobName": answer["training_job_name"],
        "InputDataConfig": answer["channels"],
        "HyperParameters": answer["hyperparameters"],
    }
    for name, value in members.items():
        report = botocore.validate.ParamValidator().validate(value, shape.members[name])
        assert not report.has_errors(), report.generate_report()


@pytest.mark.usefixtures("good_data")
def test_with_nothing_changed_the_same_execution_gets_the_same_answer(
    preparation: TrainingPreparation,
) -> None:
    assert prepare(preparation) == prepare(preparation)


@pytest.mark.parametrize(
    ("times", "n_rows", "first"),
    [
        ({}, 3, "2026-02-28T23:59:59+00:00"),
        ({"timestamp": [MOMENTS[0], None, MOMENTS[1]]}, 3, "2026-02-01T12:00:00+00:00"),
        (
            {"timestamp": [MOMENTS[0], None, datetime(2026, 3, 1, 1, tzinfo=UTC)]},
            2,
            "2026-02-01T12:00:00+00:00",
        ),
    ],
)
def test_utterances_need_not_say_when_they_were_made(
    preparation: TrainingPreparation,
    s3: Any,
    times: dict[str, Any],
    n_rows: int,
    first: str,
) -> None:
    wordings = {
        "text": ["how much did I spend", "what is my goal", "spent last month?"],
        "intent": ["spending", "goal", "spending"],
        "split": ["train", "validation", "test"],
    }
    put(s3, "utterances", wordings | times)

    snapshot = prepare(preparation, model_name="selfmate")["snapshot"]

    assert (snapshot["rows"], snapshot["first"]) == (n_rows, first)
    assert snapshot["last"] == "2026-02-28T23:59:59+00:00"


def serve(preparation: TrainingPreparation) -> None:
    """Let version 3 serve, as the first revision."""
    variant = Variant(version="3", semantic_version="1.0.2", bundle_uri="s3://b/3/", weight=1.0)
    routing = Routing(model_name="fraud_detection", revision=1, variants=(variant,))
    change = preparation.routing_table.replacement("fraud_detection", None, routing)
    preparation.routing_table.dynamodb.transact_write_items(TransactItems=[change])


@pytest.mark.usefixtures("good_data")
def test_what_serves_is_the_champion_and_a_channel(preparation: TrainingPreparation) -> None:
    serve(preparation)

    answer = prepare(preparation)

    assert answer["champion"] == {
        "version": "3",
        "semantic_version": "1.0.2",
        "bundle_uri": "s3://b/3/",
        "revision": 1,
    }
    assert answer["hyperparameters"]["champion_semantic_version"] == "1.0.2"
    assert answer["channels"][-1]["ChannelName"] == "champion"
    assert answer["channels"][-1]["DataSource"]["S3DataSource"]["S3Uri"] == "s3://b/3/"


@pytest.mark.usefixtures("good_data")
def test_rows_after_the_moment_do_not_count(preparation: TrainingPreparation) -> None:
    answer = prepare(preparation, as_of="2026-02-03T00:00:00+00:00")

    assert answer["snapshot"]["rows"] == 2
    assert answer["snapshot"]["last"] == "2026-02-02T12:00:00+00:00"


@pytest.mark.usefixtures("good_data")
def test_a_file_more_changes_the_snapshot(preparation: TrainingPreparation, s3: Any) -> None:
    before = prepare(preparation)["snapshot"]
    more = transactions(transaction_id=["t4", "t5", "t6"])
    put(s3, "transactions", more, "part-1")
    s3.put_object(Bucket=DATA, Key="transactions/", Body=b"")

    after = prepare(preparation)["snapshot"]

    assert (before["rows"], after["rows"]) == (3, 6)
    assert before["sha256"] != after["sha256"]


def test_every_problem_of_every_table_is_told_at_once(
    preparation: TrainingPreparation, s3: Any
) -> None:
    broken = transactions(transaction_id=["t1", "t1", None], amount=["1.0", "much", "2.0"])
    del broken["merchant_id"]
    put(s3, "transactions", broken)
    put(s3, "fraud_labels", labels(is_fraud=[None, True]))

    with pytest.raises(DataValidationError) as caught:
        prepare(preparation)

    message = str(caught.value)
    for word in ("merchant_id", "transaction_id", "amount", "is_fraud", "'much'"):
        assert word in message


def test_tables_that_are_not_there_are_named(preparation: TrainingPreparation) -> None:
    with pytest.raises(DataValidationError, match=r"transactions has no files(.|\n)*fraud_labels"):
        prepare(preparation)


@pytest.mark.usefixtures("good_data")
def test_a_moment_before_all_data_is_refused(preparation: TrainingPreparation) -> None:
    with pytest.raises(DataValidationError, match="nothing to train on"):
        prepare(preparation, as_of="2020-01-01T00:00:00Z")


def test_a_moment_that_is_none_is_refused(preparation: TrainingPreparation) -> None:
    with pytest.raises(DataValidationError, match="'yesterday'; give an ISO time"):
        prepare(preparation, as_of="yesterday")


@pytest.mark.usefixtures("good_data")
def test_a_moment_in_the_future_is_refused_unless_clocks_may_differ_so_much(
    preparation: TrainingPreparation,
) -> None:
    now = datetime.now(UTC)

    answer = prepare(preparation, as_of=(now + timedelta(hours=23)).isoformat())
    with pytest.raises(DataValidationError, match=r"as_of is '.*', but it is only .*past"):
        prepare(preparation, as_of=(now + timedelta(hours=25)).isoformat())

    assert answer["snapshot"]["rows"] == 3


@pytest.mark.usefixtures("good_data")
def test_the_same_execution_has_the_same_job_whatever_has_changed(
    preparation: TrainingPreparation, s3: Any
) -> None:
    before = prepare(preparation)
    put(s3, "transactions", transactions(transaction_id=["t4", "t5", "t6"]), "part-1")
    serve(preparation)

    after = prepare(preparation)

    assert after["training_job_name"] == before["training_job_name"]
    assert after["snapshot"] != before["snapshot"]
    assert after["champion"] != before["champion"]


def test_an_unknown_model_is_refused(preparation: TrainingPreparation) -> None:
    with pytest.raises(ModelNotFoundError, match="nothing"):
        prepare(preparation, model_name="nothing")


@pytest.mark.usefixtures("good_data")
def test_a_file_that_changes_meanwhile_is_noticed(
    preparation: TrainingPreparation, s3: Any
) -> None:
    listed = preparation.data_bucket.objects("transactions")
    put(s3, "transactions", transactions(amount=[1.0, 2.0, 3.0]))
    (stale,) = listed
    assert preparation.data_bucket.objects("transactions") != listed

    class Stale(DataBucket):
        def objects(self, table: str) -> list[TableObject]:
            return [stale] if table == "transactions" else super().objects(table)

    step = dataclasses.replace(preparation, data_bucket=Stale(s3, DATA))
    with pytest.raises(DataValidationError, match="while the tables were read"):
        prepare(step)


def test_a_key_that_leads_out_is_refused(preparation: TrainingPreparation, s3: Any) -> None:
    s3.put_object(Bucket=DATA, Key="transactions/../../../evil.parquet", Body=b"x")

    with pytest.raises(DataValidationError, match="leads out of its table"):
        prepare(preparation)


def test_the_snapshot_does_not_depend_on_the_order_of_files() -> None:
    files = [TableObject(key=f"t/{n}", etag=f"e{n}", size=n) for n in range(5)]

    assert content_sha256(files) == content_sha256(reversed(files))
    assert content_sha256(files) != content_sha256(files[1:])


@pytest.mark.usefixtures("good_data")
@pytest.mark.parametrize(
    ("asked", "answered"),
    [({}, None), ({"auto_promote_threshold": 0.99}, 0.99), ({"auto_promote_threshold": 1}, 1.0)],
)
def test_what_the_execution_asks_of_the_gate_is_passed_on(
    preparation: TrainingPreparation, asked: dict[str, Any], answered: float | None
) -> None:
    assert prepare(preparation, execution_input=asked)["auto_promote_threshold"] == answered


@pytest.mark.parametrize("value", [95, -0.1, "0.95", True, [0.9]])
def test_a_threshold_that_is_no_share_is_refused_before_anything_is_read(
    preparation: TrainingPreparation, value: Any
) -> None:
    with pytest.raises(ConfigurationError, match="share such as"):
        prepare(preparation, execution_input={"auto_promote_threshold": value})
