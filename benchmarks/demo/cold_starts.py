"""What starting an execution environment took, as the function's own log has it."""

import re
import statistics
from typing import Final

from mlops_platform.aws.clients import client
from mlops_platform.config.platform_config import MLOpsConfig
from mlops_platform.sdk.discovery import discover

# Lambda's REPORT line of an environment's first invocation, which loads the bundle.
_REPORT: Final = re.compile(r"\tDuration: ([\d.]+) ms.*\tInit Duration: ([\d.]+) ms")


def cold_start_ms(config: MLOpsConfig, model: str) -> float:
    """Return the median over a model's environments of their start and first invocation.

    Raises
    ------
    RuntimeError
        The log tells of no start.
    """
    log_group = discover(config, f"prediction_log_group/{model}")
    pages = client("logs").get_paginator("filter_log_events")
    lines = (
        event["message"]
        for page in pages.paginate(logGroupName=log_group, filterPattern='"Init Duration"')
        for event in page["events"]
    )
    starts = [sum(map(float, found.groups())) for line in lines if (found := _REPORT.search(line))]
    if not starts:
        raise RuntimeError(f"No environment of {model} was started, says {log_group}.")
    return statistics.median(starts)
