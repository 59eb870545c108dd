"""Every hour, each model whose drift lasts is considered for a training."""

from collections.abc import Sequence

from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from cdk.constructs.layer_set import LayerSet
from cdk.constructs.python_function import PythonFunction
from cdk.environments import Environment
from cdk.stacks.storage import Storage
from mlops_platform.config.functions import StartRetrainingSettings
from mlops_platform.config.model_config import ModelConfig


class DriftRetraining(Construct):
    """The function that starts trainings, and a rule for each model.

    Parameters
    ----------
    storage
        What was counted, and the incidents.
    workflows
        Each model with its training workflow.

    Attributes
    ----------
    function : PythonFunction
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment: Environment,
        layers: LayerSet,
        storage: Storage,
        workflows: Sequence[tuple[ModelConfig, sfn.StateMachine]],
    ) -> None:
        super().__init__(scope, construct_id)
        self.function = PythonFunction(
            self,
            "StartRetraining",
            source="start_retraining",
            settings=StartRetrainingSettings(
                monitoring_table=storage.monitoring.table_name,
                monitoring_bucket=storage.monitoring_objects.bucket_name,
            ),
            environment=environment,
            layers=layers,
            # For its numpy.
            libraries=["onnx_runtime"],
            timeout_seconds=300,
        )
        storage.monitoring.grant_read_data(self.function)
        # The note of a training on its incident.
        storage.monitoring.grant(self.function, "dynamodb:UpdateItem")
        storage.key.grant_encrypt_decrypt(self.function)
        storage.monitoring_objects.grant_read(self.function, "profiles/*")
        for model, machine in workflows:
            self._consider_hourly(model, machine)

    def _consider_hourly(self, model: ModelConfig, machine: sfn.StateMachine) -> None:
        machine.grant_start_execution(self.function)
        machine.grant_execution(self.function, "states:DescribeExecution")
        events.Rule(
            self,
            f"HourlyRetraining{model.construct_id}",
            description=f"Train {model.name} again if its world has changed",
            # After the watch over drift.
            schedule=events.Schedule.cron(minute="50"),
            targets=[
                targets.LambdaFunction(
                    self.function,
                    event=events.RuleTargetInput.from_object(
                        {
                            "time": events.EventField.time,
                            "model_name": model.name,
                            "state_machine_arn": machine.state_machine_arn,
                        }
                    ),
                )
            ],
        )
