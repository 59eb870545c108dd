"""What the demo measured: a document for programs, tables for people."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.demo.drift import Found
from benchmarks.demo.plan import MODEL
from benchmarks.demo.questions import Questioned
from benchmarks.demo.rollback import RollbackTiming
from benchmarks.demo.traffic import Timings
from mlops_platform.sdk.executions import ExecutionResult

METRIC = "average_precision"
# Those of them that a model has.
SHOWN_METRICS = (
    *(METRIC, "auc_roc", "accuracy", "macro_f1", "majority_accuracy"),
    *("hr_10", "recall_20", "ndcg_10"),
)


def build(
    cloud: Mapping[str, Any],
    *,
    pipeline: Sequence[ExecutionResult],
    models: Sequence[Mapping[str, Any]],
    timings: Timings,
    questioned: Mapping[str, Questioned],
    found: Found,
    alerts: Sequence[Mapping[str, Any]],
    rollback: RollbackTiming,
    cold_starts: Mapping[str, float],
    capture: Mapping[str, int],
) -> dict[str, Any]:
    """Put the measurements of one run together."""
    answers: dict[str, Timings | Questioned] = {MODEL: timings, **questioned}
    serving = {name: answer.to_dict() for name, answer in answers.items()}
    for name, milliseconds in cold_starts.items():
        serving[name]["cold_start_ms"] = round(milliseconds, 1)
    return {
        "stacks": cloud["stacks"],
        "functions": cloud["functions"],
        "pipeline": [
            {
                "execution": result.arn.rpartition(":")[2],
                "status": result.status,
                "states": list(result.states),
                "seconds": round(result.seconds, 1),
            }
            for result in pipeline
        ],
        "models": {
            model["name"]: {
                "versions": [_version(version) for version in model["versions"]],
                "serving": serving[model["name"]],
            }
            for model in models
        },
        # Of the model whose life is followed on.
        "serving": serving[MODEL],
        "drift": found.to_dict(),
        "alerts": [dict(alert) for alert in alerts],
        "retraining": _retraining(pipeline[-1]),
        "rollback": rollback.to_dict(),
        "capture": dict(capture),
    }


def _retraining(result: ExecutionResult) -> dict[str, Any]:
    """Return why it was, and both versions' metrics on the same recent rows."""
    evaluation, champion = result.output["evaluation"], result.output["data"]["champion"]
    metrics, before = evaluation["metrics"], evaluation["champion_metrics"]
    return {
        "cause": result.output["cause"],
        "from": champion["semantic_version"],
        "to": result.output["registration"]["semantic_version"],
        "metric": METRIC,
        "before": round(before[METRIC], 4),
        "after": round(metrics[METRIC], 4),
        "rows": metrics["n_rows"],
        "positives": metrics["n_positive"],
    }


def _version(version: Mapping[str, Any]) -> dict[str, Any]:
    contract = version["contract"]
    return {
        "semantic_version": version["semantic_version"],
        "stage": version["stage"],
        "algorithm": version["algorithm"],
        "metrics": version["metrics"],
        "parity_max_abs_diff": contract["parity_max_abs_diff"],
        "package_mb": contract["package_mb"],
    }


def write(report: Mapping[str, Any], path: Path) -> None:
    """Write the document for programs; whoever reads `path` finds all of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.write_text(json.dumps(report, indent=2) + "\n")
    unfinished.replace(path)


def show(report: Mapping[str, Any], console: Console) -> None:
    """Print the tables for people."""
    console.print(_stacks(report["stacks"]), _pipeline(report["pipeline"]))
    for name, model in report["models"].items():
        console.print(_versions(name, model["versions"]), _serving(name, model["serving"]))
    console.print(_drift(report["drift"]), _alerts(report["alerts"]))
    console.print(_row("Retraining, measured on the same recent rows", report["retraining"]))
    console.print(_row("Rollback under load", report["rollback"]))
    console.print(_row("Capture", report["capture"]))


def _stacks(stacks: Sequence[Mapping[str, Any]]) -> Table:
    table = Table("stack", "resources", "metadata only", title="Deployed", title_justify="left")
    for stack in stacks:
        table.add_row(stack["name"], str(stack["resources"]), ", ".join(stack["metadata_only"]))
    return table


def _pipeline(runs: Sequence[Mapping[str, Any]]) -> Table:
    table = Table(
        "execution", "status", "seconds", "states", title="Training", title_justify="left"
    )
    for run in runs:
        states = " → ".join(run["states"])
        table.add_row(run["execution"], run["status"], str(run["seconds"]), states)
    return table


def _versions(name: str, versions: Sequence[Mapping[str, Any]]) -> Table:
    shown = [name for name in SHOWN_METRICS if name in versions[0]["metrics"]]
    columns = ("version", "stage", "algorithm", *shown, "parity", "MB")
    table = Table(*columns, title=name, title_justify="left")
    for version in versions:
        metrics = (f"{version['metrics'][metric]:.4f}" for metric in shown)
        table.add_row(
            version["semantic_version"],
            version["stage"],
            version["algorithm"],
            *metrics,
            f"{version['parity_max_abs_diff']:.1e}",
            f"{version['package_mb']:.2f}",
        )
    return table


def _drift(found: Mapping[str, Any]) -> Table:
    title = _drift_title(found)
    columns = ("drift", "day", "detected", "page", "score")
    table = Table(*columns, title=title, title_justify="left", min_width=len(title))
    for name in ("before", "after"):
        verdict = found[name]
        shown = (verdict[key] for key in ("day", "detected", "page", "model_drift_score"))
        table.add_row(name, *(str(value) for value in shown))
    return table


def _drift_title(found: Mapping[str, Any]) -> str:
    named, changed = len(found["features_named"]), len(found["features_truly_changed"])
    return (
        f"{found['fault']} since {found['since']}: {named} inputs named of the {changed} that it "
        f"truly changes, {len(found['wrongly_named'])} wrongly; {found['alarm']['incident_id']}"
    )


def _alerts(alerts: Sequence[Mapping[str, Any]]) -> Table:
    table = Table("channel", "delivered", "seconds", title="Alerts", title_justify="left")
    for alert in alerts:
        table.add_row(*(str(alert[key]) for key in ("channel", "delivered", "seconds")))
    return table


def _row(title: str, values: Mapping[str, Any]) -> Table:
    columns = (name.replace("_", " ") for name in values)
    table = Table(*columns, title=title, title_justify="left")
    table.add_row(*(str(value) for value in values.values()))
    return table


def _serving(name: str, serving: Mapping[str, Any]) -> Table:
    title = f"{name}: {serving['requests']} requests, {serving['errors']} errors"
    if "share_right" in serving:
        title += f", {serving['share_right']:.1%} answered as the world has it"
    table = Table(
        *("milliseconds", "p50", "p95", "p99"),
        title=title,
        title_justify="left",
        min_width=len(title),
    )
    for part in ("compute", "lookup", "http"):
        shares = serving[f"{part}_ms"]
        table.add_row(part, *(f"{shares[q]:.2f}" for q in ("p50", "p95", "p99")))
    if "cold_start_ms" in serving:
        table.add_row("cold start", f"{serving['cold_start_ms']:.0f}", "", "")
    return table
