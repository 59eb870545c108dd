"""Measure SelfMate's intents on labelled texts: ``python -m benchmarks.selfmate --help``.

The last line is JSON. With ``--oos-label``, accuracy and macro-F1 are told over the rows that have
an intent, by the likeliest intent, for our model and for the baselines alike; what rejecting costs
stands in ``accuracy_with_rejection``.
"""

import argparse
import json
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.selfmate.protocol import Encoded, Protocol, size_and_latency
from benchmarks.selfmate.texts import LabelledTexts
from mlops_platform.errors import PlatformError
from mlops_platform.models.selfmate.encoder import SentenceEncoder
from mlops_platform.models.selfmate.encoder_graph import encoder_graph
from mlops_platform.models.selfmate.quantisation import quantised
from mlops_platform.models.selfmate.weights import EMBEDDED, weights_folder

# What each precision contributes to their comparison; int8 is what serves.
COMPARED = ("accuracy", "macro_f1")


def main() -> None:
    """Measure, and print one line of JSON, or what is wrong with the files."""
    try:
        print(json.dumps(result_of(parse_arguments())))
    except PlatformError as error:
        sys.exit(str(error))


def result_of(arguments: argparse.Namespace) -> dict[str, Any]:
    """Encode in both precisions, fit, and measure."""
    train, test = (
        LabelledTexts.read(path, arguments.text, arguments.label)
        for path in (arguments.train, arguments.test)
    )
    print(f"{len(train):,} texts to learn from, {len(test):,} to judge", flush=True)
    protocol = Protocol(train, test, arguments.oos_label)
    with tempfile.TemporaryDirectory() as downloads:
        encoders, costs = _encoders(weights_folder(arguments.weights, Path(downloads)))

    def measured(precision: str) -> tuple[Encoded, dict[str, Any]]:
        encoded = protocol.encoded(encoders[precision])
        result = protocol.ours(encoded)
        print(f"{precision}: accuracy {result['accuracy']:.4f}", flush=True)
        return encoded, result

    with ThreadPoolExecutor(len(encoders)) as executor:
        measurements = dict(zip(encoders, executor.map(measured, encoders), strict=True))
    encoded, ours = measurements["int8"]
    compared = {
        precision: {name: result[name] for name in COMPARED} | costs[precision]
        for precision, (_, result) in measurements.items()
    }
    return {**ours, "baselines": protocol.baselines(encoded), **compared}


def _encoders(folder: Path) -> tuple[dict[str, SentenceEncoder], dict[str, dict[str, float]]]:
    """Return the encoder in both precisions, and what each costs."""
    tokenizer = (folder / "tokenizer.json").read_bytes()
    exact = encoder_graph(folder)
    graphs = {"int8": quantised(exact), "fp32": exact}
    encoders = {
        precision: SentenceEncoder.from_bytes(graph.SerializeToString(), tokenizer)
        for precision, graph in graphs.items()
    }
    costs = {
        precision: size_and_latency(encoder, graphs[precision])
        for precision, encoder in encoders.items()
    }
    return encoders, costs


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.selfmate", description=__doc__)
    for part in ("train", "test"):
        parser.add_argument(
            f"--{part}", type=Path, required=True, help=f"Parquet or CSV file of the {part} part"
        )
    parser.add_argument("--text", required=True, help="column of the texts")
    parser.add_argument("--label", required=True, help="column of the intents")
    parser.add_argument("--oos-label", help="label of texts that have none of the intents")
    parser.add_argument(
        "--weights",
        default=EMBEDDED,
        help="the encoder: a folder, s3://bucket/prefix, a Hub name, or the installed package's",
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
