"""The lines that Lambda writes around a function's own, exactly as CloudWatch shows them."""

import math
import subprocess
import time
from pathlib import Path

from local_cloud.functions.configuration import FunctionConfiguration
from local_cloud.functions.worker import Outcome


def invocation_lines(
    configuration: FunctionConfiguration, request_id: str, outcome: Outcome, peak_memory_mb: int
) -> list[str]:
    """Return START, the function's output by lines, END and REPORT."""
    start = f"START RequestId: {request_id} Version: {configuration.version}"
    end = f"END RequestId: {request_id}"
    report = _report_line(configuration, request_id, outcome, peak_memory_mb)
    return [start, *_output_lines(outcome.output), *_fault_lines(request_id, outcome), end, report]


def peak_memory_mb(pid: int) -> int:
    """Return a process's peak resident memory, 0 when it is gone."""
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return math.ceil(int(line.split()[1]) / 1024)
        return 0
    if Path("/proc/self").exists():
        return 0
    command = ["ps", "-o", "rss=", "-p", str(pid)]
    shown = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    return math.ceil(int(shown) / 1024) if shown else 0


def _output_lines(output: bytes) -> list[str]:
    text = output.decode(errors="replace")
    # The runtime client joins the lines of one record with carriage returns: one event.
    return [line.replace("\r", "\n") for line in text.split("\n") if line]


def _fault_lines(request_id: str, outcome: Outcome) -> list[str]:
    if outcome.status == "timeout":
        now = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())
        seconds = outcome.duration_ms / 1000
        return [f"{now} {request_id} Task timed out after {seconds:.2f} seconds"]
    if outcome.error_type == "Runtime.ExitError":
        reason = outcome.payload.decode().partition("Error: ")[2].rstrip('"}')
        return [f"RequestId: {request_id} Error: {reason}", "Runtime.ExitError"]
    return []


def _report_line(
    configuration: FunctionConfiguration, request_id: str, outcome: Outcome, peak_memory_mb: int
) -> str:
    init_ms = outcome.init_ms or 0.0
    fields = [
        f"REPORT RequestId: {request_id}",
        f"Duration: {outcome.duration_ms:.2f} ms",
        f"Billed Duration: {math.ceil(outcome.duration_ms + init_ms)} ms",
        f"Memory Size: {configuration.memory_mb} MB",
        f"Max Memory Used: {peak_memory_mb} MB",
    ]
    if outcome.init_ms is not None:
        fields.append(f"Init Duration: {init_ms:.2f} ms")
    if outcome.status:
        fields.append(f"Status: {outcome.status}")
    if outcome.status == "error":
        fields.append(f"Error Type: {outcome.error_type}")
    return "\t".join(fields) + "\t"
