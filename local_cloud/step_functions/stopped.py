"""An execution that was stopped, or timed out, stays so however its running task ends.

moto lets a task that fails afterwards turn `ABORTED` or `TIMED_OUT` into `FAILED`.
"""

from typing import Any

from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.program_state import ProgramStopped, ProgramTimedOut

from local_cloud.patching import replace


def install() -> None:
    """Take no error of what does not run any more."""

    def set_error(self: Environment, error: Any) -> None:
        if not isinstance(self.program_state(), ProgramStopped | ProgramTimedOut):
            original(self, error)

    original = replace(Environment, "set_error", set_error)
