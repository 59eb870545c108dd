"""Shrink a graph to 8-bit weights."""

import tempfile
from pathlib import Path

import onnx
from onnxruntime.quantization import QuantType, quantize_dynamic


def quantised(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return the graph with int8 weights, one scale for each output channel.

    Activations are quantised while it runs, with one scale for each product's whole input: rows of
    a batch would then change each other's answers, so rows are encoded one at a time.

    Weights use 7 of the 8 bits. Without the VNNI instructions two products of 8 bits are added in
    16, which can overflow without a sign; with 7 they cannot, and every machine answers alike.
    """
    with tempfile.TemporaryDirectory() as folder:
        given, written = Path(folder, "given.onnx"), Path(folder, "int8.onnx")
        onnx.save(model, given)
        quantize_dynamic(
            given, written, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8
        )
        return onnx.load(written)
