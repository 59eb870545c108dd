"""ONNX Runtime's sessions for one turn at a time."""

from typing import Any

import onnxruntime


def one_thread_session(graph: bytes) -> Any:
    """Load a graph for one thread that does not spin while it waits.

    Turns of many users run beside each other, a core for each: more threads for one turn, or
    threads that wait busily, make the slowest turns many times slower.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
