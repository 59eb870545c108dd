"""What the platform must know about one model to train, gate and serve it."""

from dataclasses import dataclass, field
from typing import Final, Literal

from mlops_platform.config.search_space import Spaces
from mlops_platform.errors import ConfigurationError

Compute = Literal["sagemaker", "eks"]
Gate = Literal["auto", "manual"]
Host = Literal["lambda", "kubernetes"]
Label = Literal["boolean", "text"]
Library = Literal["tokenizers"]
Tuning = Literal["grid", "optuna", "distributed"]

_SHORT: Final = 19


@dataclass(frozen=True, kw_only=True)
class ModelConfig:
    """One model of the platform.

    Parameters
    ----------
    name
        The name in every folder, route and metric, e.g. ``fraud_detection``.
    model_type
        The family that its users know it by, e.g. ``xgboost``.
    cpu_request, memory_request
        Kubernetes quantities for a model that is served from pods.
    min_replicas, max_replicas
        Bounds of its horizontal scaling.
    accuracy_threshold
        Smallest test accuracy that the gate lets pass, in [0, 1]. What accuracy is, each model's
        `measure` says.
    primary_metric
        The metric on which a candidate must not be worse than the champion.
    non_inferiority_margin
        How much worse, in units of `primary_metric`, still counts as "not worse".
    latency_budget_ms
        P95 that its users were promised, in milliseconds.
    compute, instance_type
        Where its training jobs run. Templates are written for ``sagemaker`` alone so far.
    tuning
        How hyperparameters are searched: over a grid, or by Optuna from the grid's best point on,
        both in one training job; ``distributed`` by a SageMaker tuning job, which has a training
        job for each point.
    search_space
        What is searched of each algorithm by Optuna and by tuning jobs.
    tuning_jobs, parallel_tuning_jobs
        How many training jobs a tuning job has, and how many of them at one time.
    tables
        The tables it is trained from; each becomes a channel of the training job. The first one
        says how much there is to learn from.
    needs_encoder
        Whether its training job starts from a pretrained encoder, whose weights come from where the
        environment says.
    fine_tune
        Whether its training job tunes that encoder, too, rather than heads on it alone. Give it an
        `instance_type` with a GPU, such as ``ml.g5.xlarge``; its image then carries torch.
    online_features
        Whether it looks up what users and merchants did before, which its training job computes
        (``feature_state.jsonl.gz``) and its own predictions keep up to date.
    answer_name, label
        The field of its output that labels are compared with, and what a label is: ``boolean``
        where the answer is yes or no, ``text`` where it is one of several, or a list of them.
    label_inputs
        Patterns (of `fnmatch`) of its inputs that are made of labels. They move when the truth
        does, as in a wave of fraud: a drift of them is told, but pages nobody.
    gate
        ``auto`` promotes what passes; ``manual`` leaves it in Staging.
    libraries
        Third-party layers that its serving function needs beside ONNX Runtime's.
    function_memory_mb
        Memory of the serving function, which also buys its share of a core.
    host
        What answers the API: a function, or pods of a cluster. Releases and batches ask the
        function either way.

    Raises
    ------
    ConfigurationError
        A value is outside its range.
    """

    name: str
    model_type: str
    cpu_request: str = "200m"
    memory_request: str = "1Gi"
    min_replicas: int = 2
    max_replicas: int = 10
    accuracy_threshold: float = 0.95
    primary_metric: str = "accuracy"
    non_inferiority_margin: float = 0.02
    latency_budget_ms: float = 100.0
    compute: Compute = "sagemaker"
    instance_type: str = "ml.m5.xlarge"
    tuning: Tuning = "grid"
    search_space: Spaces = field(default_factory=dict, hash=False)
    tuning_jobs: int = 20
    parallel_tuning_jobs: int = 4
    tables: tuple[str, ...] = ()
    needs_encoder: bool = False
    fine_tune: bool = False
    online_features: bool = False
    answer_name: str = "answer"
    label: Label = "boolean"
    label_inputs: tuple[str, ...] = ()
    gate: Gate = "auto"
    libraries: tuple[Library, ...] = ()
    function_memory_mb: int = 1769
    host: Host = "lambda"

    def __post_init__(self) -> None:
        if not 0 <= self.accuracy_threshold <= 1:
            raise ConfigurationError(
                f"accuracy_threshold of {self.name} is {self.accuracy_threshold}; "
                "it is a share and must lie in [0, 1]."
            )
        if not 1 <= self.min_replicas <= self.max_replicas:
            raise ConfigurationError(
                f"{self.name} asks for {self.min_replicas} to {self.max_replicas} replicas; "
                "give 1 <= min_replicas <= max_replicas."
            )
        if self.tuning == "distributed" and not self.search_space:
            raise ConfigurationError(
                f"{self.name} asks for tuning='distributed' without a search_space; give its "
                "ranges."
            )

        if self.fine_tune and not self.needs_encoder:
            raise ConfigurationError(
                f"{self.name} asks for fine_tune=True without an encoder; only a model with "
                "needs_encoder=True has one to tune."
            )

    @property
    def slug(self) -> str:
        """The name as SageMaker and DNS spell it: ``fraud-detection``."""
        return self.name.replace("_", "-")

    @property
    def short_slug(self) -> str:
        """The slug as far as the name of a tuning job, of 32 characters, has room for it."""
        return self.slug[:_SHORT].rstrip("-")

    @property
    def construct_id(self) -> str:
        """The name as constructs spell it: ``FraudDetection``."""
        return "".join(part.capitalize() for part in self.name.split("_"))
