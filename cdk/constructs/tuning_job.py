"""The states that train by a search over many jobs, and the rights they take."""

import math
from collections.abc import Mapping
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_ecr_assets as ecr_assets
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from cdk.constructs.job_grants import grant_jobs, grant_waiting
from cdk.constructs.job_placement import JOB_TIMEOUT, job_placement
from cdk.constructs.training_role import TrainingRole
from cdk.environments import Environment
from cdk.stacks.network import Network
from cdk.stacks.storage import Storage
from mlops_platform.config.model_config import ModelConfig
from mlops_platform.config.search_space import ALGORITHM, OBJECTIVE, Range

_EVENTS_RULE = "StepFunctionsGetEventsForSageMakerTuningJobsRule"
_RANDOM_SEED = 20260301


class TuningJob(Construct):
    """What a workflow searches one model's hyperparameters with, a training job to each point.

    Each algorithm is a training job definition of its own, with its ranges. What follows finds the
    best job's description where that of a single training job would be.

    Attributes
    ----------
    states : tuple of sfn.CustomState
        In order: the search, and its best job's description.
    role : TrainingRole
        What the jobs themselves may do.
    timeout : Duration
        How long the search may take, round after round.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        model: ModelConfig,
        environment: Environment,
        network: Network,
        storage: Storage,
        image: ecr_assets.DockerImageAsset,
        tracking_uri: str,
    ) -> None:
        super().__init__(scope, construct_id)
        self._model = model
        self.role = TrainingRole(
            self,
            "Role",
            storage=storage,
            image=image,
            encoder_weights=environment.encoder_weights if model.needs_encoder else None,
        )
        placement = job_placement(model, network, storage, tracking_uri)
        definitions = [
            {**self._definition(algorithm, space, image), **placement}
            for algorithm, space in model.search_space.items()
        ]
        n_rounds = math.ceil(model.tuning_jobs / model.parallel_tuning_jobs)
        self.timeout = Duration.seconds(n_rounds * JOB_TIMEOUT.to_seconds())
        self.states = (self._tune(scope, definitions), _describe_best(scope))

    def grant_run(self, workflow: sfn.StateMachine) -> None:
        """Let a state machine start, watch and stop this model's tuning jobs and read the best."""
        name = self._model.short_slug
        grant_jobs(
            workflow,
            [
                "CreateHyperParameterTuningJob",
                "DescribeHyperParameterTuningJob",
                "StopHyperParameterTuningJob",
                # Step Functions marks the jobs that it waits for with a tag of its own.
                "AddTags",
                "ListTags",
            ],
            kind="hyper-parameter-tuning-job",
            prefix=name,
        )
        grant_jobs(workflow, ["DescribeTrainingJob"], kind="training-job", prefix=name)
        grant_waiting(workflow, job_role=self.role, rule=_EVENTS_RULE)

    def _tune(self, scope: Construct, definitions: list[dict[str, Any]]) -> sfn.CustomState:
        limits = {
            "MaxNumberOfTrainingJobs": self._model.tuning_jobs,
            "MaxParallelTrainingJobs": self._model.parallel_tuning_jobs,
        }
        return sfn.CustomState(
            scope,
            "Tune",
            state_json={
                "Type": "Task",
                "Resource": "arn:aws:states:::sagemaker:createHyperParameterTuningJob.sync",
                "Parameters": {
                    "HyperParameterTuningJobName.$": "$.data.tuning_job_name",
                    "HyperParameterTuningJobConfig": {
                        "Strategy": "Bayesian",
                        "ResourceLimits": limits,
                        "RandomSeed": _RANDOM_SEED,
                    },
                    "TrainingJobDefinitions": definitions,
                },
                "ResultSelector": {"BestTrainingJob.$": "$.BestTrainingJob"},
                "ResultPath": "$.tuning",
                "TimeoutSeconds": self.timeout.to_seconds(),
            },
        )

    def _definition(
        self, algorithm: str, space: Mapping[str, Range], image: ecr_assets.DockerImageAsset
    ) -> dict[str, Any]:
        """Say what is run for one algorithm; the fields in ``.$`` are ValidateData's answer."""
        return {
            "DefinitionName": algorithm.replace("_", "-"),
            "TuningObjective": {"Type": "Maximize", "MetricName": OBJECTIVE},
            "HyperParameterRanges": {
                **_parameter_ranges(space),
                "CategoricalParameterRanges": [{"Name": ALGORITHM, "Values": [algorithm]}],
            },
            "StaticHyperParameters.$": "$.data.hyperparameters",
            "InputDataConfig.$": "$.data.channels",
            "RoleArn": self.role.role_arn,
            # A tuning job cannot name an entry point: the image has its own.
            "AlgorithmSpecification": {
                "TrainingImage": image.image_uri,
                "TrainingInputMode": "File",
                "MetricDefinitions": [{"Name": OBJECTIVE, "Regex": f"{OBJECTIVE}=(-?[0-9.]+)"}],
            },
        }


def _describe_best(scope: Construct) -> sfn.CustomState:
    return sfn.CustomState(
        scope,
        "DescribeBest",
        state_json={
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:sagemaker:describeTrainingJob",
            "Parameters": {"TrainingJobName.$": "$.tuning.BestTrainingJob.TrainingJobName"},
            "ResultSelector": {"ModelArtifacts.$": "$.ModelArtifacts"},
            "ResultPath": "$.training",
        },
    )


def _parameter_ranges(space: Mapping[str, Range]) -> dict[str, list[dict[str, str]]]:
    """Return the ranges by kind; SageMaker refuses an empty list of one."""
    ranges: dict[str, list[dict[str, str]]] = {}
    for name, searched in space.items():
        kind = "IntegerParameterRanges" if searched.is_whole else "ContinuousParameterRanges"
        ranges.setdefault(kind, []).append(
            {
                "Name": name,
                "MinValue": str(searched.low),
                "MaxValue": str(searched.high),
                "ScalingType": "Logarithmic" if searched.log else "Linear",
            }
        )
    return ranges
