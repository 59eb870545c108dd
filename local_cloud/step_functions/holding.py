"""Executions stand still before a state, for as long as somebody wants to end them just there."""

import threading
from typing import Any

from moto.stepfunctions.parser.asl.component.state.state import CommonStateField
from moto.stepfunctions.parser.asl.eval.environment import Environment

from local_cloud.patching import replace

_LOOK_SECONDS = 0.05
_PATIENCE_SECONDS = 60.0


class Holding:
    """Knows before which state executions stop, and which stand there."""

    def __init__(self) -> None:
        self._state = ""
        self._held: dict[str, str] = {}
        self._changed = threading.Condition()

    def hold(self, request: dict[str, Any]) -> dict[str, Any]:
        """Answer `POST /executions/hold`: `{"before": name of a state}`, or `{}` for none.

        Executions that stand before another state go on.
        """
        if set(request) - {"before"}:
            raise ValueError('Say {"before": name of a state}, or {} to hold nothing.')
        with self._changed:
            self._state = str(request.get("before", ""))
            self._changed.notify_all()
        return {"before": self._state}

    def wait(self, request: dict[str, Any]) -> list[dict[str, str]]:
        """Answer `POST /executions/held`: what stands still, as soon as anything does.

        Nothing after `timeout_seconds`.
        """
        timeout = float(request.get("timeout_seconds", _PATIENCE_SECONDS))
        with self._changed:
            self._changed.wait_for(lambda: self._held, timeout)
            return [{"execution": arn, "before": state} for arn, state in self._held.items()]

    def pass_by(self, state: str, execution: str, environment: Environment) -> None:
        """Return when the execution may enter the state, or is not running any more."""
        with self._changed:
            while self._state == state and environment.is_running():
                if execution not in self._held:
                    self._held[execution] = state
                    self._changed.notify_all()
                # Nothing tells when somebody stops the execution.
                self._changed.wait(_LOOK_SECONDS)
            self._held.pop(execution, None)


def install(holding: Holding) -> None:
    """Let every state ask `holding` before it is entered."""

    def evaluate(self: CommonStateField, env: Environment) -> None:
        execution = env.states.context_object.context_object_data["Execution"]["Id"]
        holding.pass_by(self.name, execution, env)
        original(self, env)

    original = replace(CommonStateField, "eval", evaluate)
