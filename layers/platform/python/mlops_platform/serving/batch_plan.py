"""Which objects below a prefix are to be scored, and where their scores go."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final, Self

from mlops_platform.aws.clients import client
from mlops_platform.aws.s3_uri import S3Uri
from mlops_platform.config.data_folders import BATCH_INPUTS, BATCH_SCORES
from mlops_platform.config.functions import PlanBatchSettings
from mlops_platform.config.models import model_named
from mlops_platform.errors import BatchInputError

SUFFIX: Final = ".jsonl"


@dataclass(frozen=True, kw_only=True)
class BatchPlan:
    """Plans the scoring of what lies in the data bucket.

    Parameters
    ----------
    s3
        boto3's client.
    bucket
        The data bucket.
    """

    s3: Any
    bucket: str

    @classmethod
    def from_settings(cls, settings: PlanBatchSettings) -> Self:
        """Build from the function's settings."""
        return cls(s3=client("s3"), bucket=settings.data_bucket)

    def plan(self, *, model_name: str, input_uri: str, execution_name: str) -> dict[str, Any]:
        """Return what is to be done.

        Parameters
        ----------
        model_name
            A model of the catalogue.
        input_uri
            A prefix of the data bucket below ``batches/``.
        execution_name
            Of the state machine; scores of another execution lie elsewhere.

        Returns
        -------
        dict
            ``output_uri`` and ``objects``, each with ``input_uri`` and ``output_uri``.

        Raises
        ------
        ModelNotFoundError
            There is no such model.
        BatchInputError
            The prefix is elsewhere, or no ``.jsonl`` lies below it.
        """
        model = model_named(model_name)
        source = self._source(input_uri)
        pages = self.s3.get_paginator("list_objects_v2").paginate(
            Bucket=source.bucket, Prefix=source.key
        )
        keys = [entry["Key"] for page in pages for entry in page.get("Contents", [])]
        chosen = sorted(key for key in keys if key.endswith(SUFFIX))
        if not chosen:
            raise BatchInputError(
                f"No {SUFFIX} file lies below {source}; there are {len(keys)} other objects. "
                "Write one JSON object of features a line."
            )
        target = S3Uri(self.bucket, f"{BATCH_SCORES}{model.name}/{execution_name}/")
        return {
            "output_uri": str(target),
            "objects": [
                {
                    "input_uri": str(S3Uri(source.bucket, key)),
                    "output_uri": str(S3Uri(target.bucket, target.key + _below(source.key, key))),
                }
                for key in chosen
            ],
        }

    def _source(self, input_uri: str) -> S3Uri:
        try:
            source = S3Uri.parse(input_uri)
        except ValueError as error:
            raise BatchInputError(str(error)) from error
        if source.bucket != self.bucket or not source.key.startswith(BATCH_INPUTS):
            raise BatchInputError(
                f"{input_uri} is not below s3://{self.bucket}/{BATCH_INPUTS}, which is all that "
                "may be scored. Copy the files there."
            )
        return source


def _below(prefix: str, key: str) -> str:
    """Return a key without the folder of the prefix, so that no two keys become one.

    Examples
    --------
    >>> _below("batches/may/", "batches/may/a/b.jsonl"), _below("batches/m", "batches/may.jsonl")
    ('a/b.jsonl', 'may.jsonl')
    """
    folder = prefix if prefix.endswith("/") else f"{PurePosixPath(prefix).parent}/"
    return key.removeprefix(folder)
