"""Score an object in S3, line by line: one JSON object of features in, one answer out."""

import itertools
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import orjson

from mlops_platform.aws.s3_uri import S3Uri
from mlops_platform.serving.prediction_request import PredictionRequest
from mlops_platform.serving.predictor import Predictor
from mlops_platform.serving.row_answers import row_answer
from mlops_platform.serving.variant_choice import LATEST

# As many rows as one read of the feature table answers.
ROWS_AT_ONCE: Final = 50
# More than this stays on disk rather than in memory, bytes.
_IN_MEMORY: Final = 16 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class ObjectScoring:
    """Scores objects with what serves.

    Parameters
    ----------
    s3
        boto3's client.
    predictor
        Of the model that is asked; it need not record, as what is scored in bulk is no traffic.
    """

    s3: Any
    predictor: Predictor

    def score(self, input_uri: str, output_uri: str) -> dict[str, Any]:
        """Write the answers to every line of an object, in its order.

        Line n of the output is a prediction or, for a row that could not be answered, its
        ``errors``; each says its ``row``, counted from 0. The output appears as a whole at the
        end, so that a repetition after a failure leaves nothing half-written.

        Returns
        -------
        dict
            ``input_uri``, ``output_uri``, ``n_rows``, ``n_failed`` (rows without a prediction) and
            ``n_degraded`` (predictions that had to do without look-ups).

        Raises
        ------
        ModelNotDeployedError, RoutingUnavailableError
            Nothing serves that could answer.
        """
        counts = {"n_rows": 0, "n_failed": 0, "n_degraded": 0}
        source, target = S3Uri.parse(input_uri), S3Uri.parse(output_uri)
        body = self.s3.get_object(Bucket=source.bucket, Key=source.key)["Body"]
        with body, tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
            for line in self._answers(body.iter_lines(), counts):
                file.write(line)
            file.seek(0)
            self.s3.put_object(Bucket=target.bucket, Key=target.key, Body=file)
        return {"input_uri": input_uri, "output_uri": output_uri, **counts}

    def _answers(self, lines: Iterable[bytes], counts: dict[str, int]) -> Iterator[bytes]:
        for batch in _batches(line for line in lines if line.strip()):
            read = [_read(line) for line in batch]
            answers = self._predict([row for row in read if not isinstance(row, _Unreadable)])
            for row in read:
                answer = {"errors": row.problems} if isinstance(row, _Unreadable) else next(answers)
                counts["n_failed"] += "errors" in answer
                counts["n_degraded"] += "degraded" in answer
                numbered = {"row": counts["n_rows"], **answer}
                counts["n_rows"] += 1
                yield orjson.dumps(numbered, option=orjson.OPT_APPEND_NEWLINE)

    def _predict(self, instances: list[Any]) -> Iterator[dict[str, Any]]:
        if not instances:
            return
        request = PredictionRequest(instances=instances, model_version=LATEST, is_batch=False)
        predictions = self.predictor.predict(request, time.perf_counter())
        degraded = {"degraded": predictions.degraded} if predictions.degraded else {}
        for row in predictions.rows:
            answer = row_answer(row)
            yield answer if "errors" in answer else {**answer, **degraded}


@dataclass(frozen=True)
class _Unreadable:
    problems: list[dict[str, str]]


def _batches(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    remaining = iter(lines)
    while batch := list(itertools.islice(remaining, ROWS_AT_ONCE)):
        yield batch


def _read(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return _Unreadable([{"field": "", "message": f"The line is not JSON: {error}."}])
