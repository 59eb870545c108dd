"""What can be wrong with the world, by name.

Step Functions catches these by class name, so a name is part of the interface. Messages say what is
wrong, why, and what to do next.
"""


class PlatformError(Exception):
    """The root of every error that this platform raises on purpose."""


class ConfigurationError(PlatformError):
    """A setting is missing or does not fit its type."""


class DataValidationError(PlatformError):
    """A table breaks its documented schema."""


class LabelLeakageError(PlatformError):
    """A feature knows a label before that label was known."""


class ParityError(PlatformError):
    """The exported ONNX graph answers otherwise than the model it came from."""


class BundleIntegrityError(PlatformError):
    """A bundle's files are not those that its manifest names."""


class FeatureStateError(PlatformError):
    """An entity's stored state, or a snapshot of states, cannot be read."""


class ProfileError(PlatformError):
    """A profile, or what it should count, cannot be read or does not belong together."""


class CaptureConflictError(PlatformError):
    """Other writers counted at the same place again and again; the same call may be repeated."""


class EventNotTakenError(PlatformError):
    """The event bus refused what should be told."""


class PredictionNotCapturedError(PlatformError):
    """A label came for a prediction that has not been counted, or not yet."""


class AlertChannelsError(PlatformError):
    """The secret that says where alerts go does not hold what it should."""


class AlertNotDeliveredError(PlatformError):
    """A channel did not take an alert, or not in time; the same call may be repeated."""


class EncoderWeightsError(PlatformError):
    """Pretrained weights cannot be had, are not those that were pinned, or fit no known network."""


class TrainingDataError(PlatformError):
    """The data is valid, but there is too little of it to train, choose and measure a model."""


class ModelNotFoundError(PlatformError):
    """No model of that name is known here."""


class ModelNotDeployedError(PlatformError):
    """The model exists, but no version of it serves."""


class ModelVersionNotFoundError(PlatformError):
    """The registry has no such version of the model."""


class ChampionChangedError(PlatformError):
    """Another release changed production between reading and writing."""


class LedgerConflictError(PlatformError):
    """Other writers of a model's ledger were always faster; the same call may be repeated."""


class LedgerIntegrityError(PlatformError):
    """A model's ledger is not the unbroken chain that was written, or contradicts the routing."""


class NoEarlierReleaseError(PlatformError):
    """There is no release to which a model could be rolled back."""


class GoldenExampleError(PlatformError):
    """A bundle does not answer its golden examples as it did when it was made."""


class RoutingNotInEffectError(PlatformError):
    """A new routing has been written, but the function that was asked serves an older one yet."""


class RequestValidationError(PlatformError):
    """A prediction request does not fit the model's signature.

    Parameters
    ----------
    problems
        One entry for each field: ``{"field": …, "message": …}``.
    """

    def __init__(self, problems: list[dict[str, str]]) -> None:
        super().__init__("; ".join(f"{p['field']}: {p['message']}" for p in problems))
        self.problems = problems


class MalformedRequestError(PlatformError):
    """A request's body cannot be read at all."""


class BatchInputError(PlatformError):
    """What shall be scored in bulk is not there, or not where it may be."""


class BatchScoringError(PlatformError):
    """Some objects of a batch could not be scored."""


class UnsupportedMediaTypeError(PlatformError):
    """A request's body is of another kind than its route reads."""


class RequestTooLargeError(PlatformError):
    """A request's body is larger than a prediction request can be."""


class RoutingUnavailableError(PlatformError):
    """Nobody can say right now which version of a model serves."""


class FeatureConflictError(PlatformError):
    """Other writers changed the same entities again and again; the same call may be repeated."""


class TrackingServerError(PlatformError):
    """MLflow did not answer, or refused."""


class TrainingArtifactError(PlatformError):
    """What a training job left behind is not what its contract promises."""


class TrainingFailedError(PlatformError):
    """A training execution ended without a model."""


class ReleaseFailedError(PlatformError):
    """A release execution ended without its version in production."""


class FunctionFailedError(PlatformError):
    """A function that was called directly failed."""


class PlatformNotFoundError(PlatformError):
    """The environment is not deployed where the AWS variables point."""


class ApiError(PlatformError):
    """The HTTP API answered with an error, or not at all."""


class DriftDataError(PlatformError):
    """A table cannot be compared with its reference."""
