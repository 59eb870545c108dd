"""What a pod tells Prometheus of itself; the platform's own figures count all pods together."""

from prometheus_client import CollectorRegistry, Counter, Histogram

# Seconds; the bounds lie around the budgets that users were promised.
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5)


class HostMetrics:
    """``model_predictions_total{model_name,status}`` and ``model_prediction_latency_seconds``.

    Parameters
    ----------
    model_name
        The one model that this process serves.

    Attributes
    ----------
    registry : CollectorRegistry
        Of this application alone, so that two in one process do not meet.
    """

    def __init__(self, model_name: str) -> None:
        self.registry = CollectorRegistry()
        predictions = Counter(
            "model_predictions",
            "Requests for predictions, by HTTP status.",
            ["model_name", "status"],
            registry=self.registry,
        )
        latency = Histogram(
            "model_prediction_latency_seconds",
            "From a whole request to its answer.",
            ["model_name"],
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self._model_name = model_name
        self._predictions = predictions
        self._ok = predictions.labels(model_name, "200")
        self._latency = latency.labels(model_name)

    def observe(self, status: int, seconds: float) -> None:
        """Count one request."""
        if status == 200:  # noqa: PLR2004 - the usual one, whose labels are looked up already
            self._ok.inc()
        else:
            self._predictions.labels(self._model_name, str(status)).inc()
        self._latency.observe(seconds)
