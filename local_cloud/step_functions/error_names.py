"""A Fail state may raise any error again, `States.*` included.

AWS allows `ErrorPath` to carry a caught `States.TaskFailed`; moto refuses names with that prefix.
"""

from moto.stepfunctions.parser.asl.component.common.error_name.custom_error_name import (
    CustomErrorName,
)
from moto.stepfunctions.parser.asl.component.common.error_name.error_name import ErrorName

from local_cloud.patching import replace


def install() -> None:
    """Drop the check of the prefix."""

    def __init__(self: CustomErrorName, error_name: str | None) -> None:  # noqa: N807
        ErrorName.__init__(self, error_name=error_name)

    replace(CustomErrorName, "__init__", __init__)
