"""Execution names: made up when none is given, checked, and unique even under concurrency.

moto calls unnamed executions "None", accepts any characters, and looks for a namesake without a
lock. The rule itself (same name and input while running: the same execution; otherwise
`ExecutionAlreadyExists`) is moto's.
"""

import re
import threading
import uuid
from typing import Any

from moto.stepfunctions.exceptions import InvalidName
from moto.stepfunctions.parser.models import StepFunctionsParserBackend

from local_cloud.patching import replace

_FORBIDDEN = re.compile(r"[\s<>{}\[\]?*\"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f]")
_MAX_LENGTH = 80


def install() -> None:
    """Wrap the backend's `start_execution`."""
    start: Any = StepFunctionsParserBackend.start_execution
    lock = threading.RLock()

    def start_execution(
        self: StepFunctionsParserBackend,
        state_machine_arn: str,
        name: str | None = None,
        execution_input: str | None = None,
        trace_header: str | None = None,
    ) -> Any:
        chosen = name or str(uuid.uuid4())
        if len(chosen) > _MAX_LENGTH or _FORBIDDEN.search(chosen):
            raise InvalidName(f"Invalid Name: '{chosen}'")
        with lock:
            return start(self, state_machine_arn, chosen, execution_input or "{}", trace_header)

    replace(StepFunctionsParserBackend, "start_execution", start_execution)
