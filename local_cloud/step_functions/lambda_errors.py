"""The error name of a failed function: its `errorType`, or `Lambda.Unknown` where it has none.

A raised exception arrives under its class name (so that `Catch` on `DataValidationError` works), a
killed environment as `Runtime.ExitError`, a time-out as `Sandbox.Timedout`. Without an `errorType`
AWS says `Lambda.Unknown`; moto says `Exception`, which no real state machine names.
"""

import json

from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils

from local_cloud.patching import replace

_original_init = lambda_eval_utils.LambdaFunctionErrorException.__init__


def name_error(payload: str) -> str:
    """Return `payload` with an `errorType`, as Step Functions would name it.

    >>> name_error('{"errorMessage": "no type"}')
    '{"errorMessage":"no type","errorType":"Lambda.Unknown"}'
    >>> name_error('{"errorType": "KeyError"}')
    '{"errorType": "KeyError"}'
    """
    error = json.loads(payload)
    if isinstance(error, dict) and error.get("errorType"):
        return payload
    fields = error if isinstance(error, dict) else {"errorMessage": error}
    return json.dumps({**fields, "errorType": "Lambda.Unknown"}, separators=(",", ":"))


def install() -> None:
    """Name errors where moto makes its exception of a function error."""

    def __init__(  # noqa: N807
        self: lambda_eval_utils.LambdaFunctionErrorException,
        function_error: str | None,
        payload: str,
    ) -> None:
        _original_init(self, function_error, name_error(payload))

    replace(lambda_eval_utils.LambdaFunctionErrorException, "__init__", __init__)
