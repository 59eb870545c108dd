"""Write an ONNX graph node by node: what `onnx.helper` leaves to the caller is naming."""

from typing import Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

# Gelu stands in the standard since 20; ONNX Runtime reads this format since 1.18.
OPSET: Final = 20
IR_VERSION: Final = 10


class GraphBuilder:
    """Nodes and constants that will be a graph.

    Examples
    --------
    >>> builder = GraphBuilder()
    >>> builder.add("Mul", "rows", builder.constant("two", np.float32(2)), output="doubled")
    'doubled'
    >>> rows = helper.make_tensor_value_info("rows", onnx.TensorProto.FLOAT, ["n"])
    >>> doubled = helper.make_tensor_value_info("doubled", onnx.TensorProto.FLOAT, ["n"])
    >>> len(builder.model("double", [rows], [doubled]).graph.node)
    1
    """

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: NDArray[Any] | np.generic) -> str:
        """Keep an array under a name of its own; return the name."""
        self._constants[name] = numpy_helper.from_array(
            np.ascontiguousarray(value).reshape(np.shape(value)), name
        )
        return name

    def integers(self, *values: int) -> str:
        """Return the name of a vector of integers: axes, shapes, bounds."""
        name = "integers_" + "_".join(map(str, values))
        return self.constant(name, np.array(values, dtype=np.int64))

    def add(self, operator: str, *inputs: str, output: str | None = None, **attributes: Any) -> str:
        """Append a node with one output; return the output's name."""
        name = output or f"{operator}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, inputs, [name], name=name, **attributes))
        return name

    def add_many(self, operator: str, n_outputs: int, *inputs: str, **attributes: Any) -> list[str]:
        """Append a node with several outputs; return their names."""
        name = f"{operator}_{len(self._nodes)}"
        names = [f"{name}_{number}" for number in range(n_outputs)]
        self._nodes.append(helper.make_node(operator, inputs, names, name=name, **attributes))
        return names

    def model(
        self, name: str, inputs: list[onnx.ValueInfoProto], outputs: list[onnx.ValueInfoProto]
    ) -> onnx.ModelProto:
        """Return the checked graph."""
        graph = helper.make_graph(
            self._nodes, name, inputs, outputs, initializer=list(self._constants.values())
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
        model.ir_version = IR_VERSION
        onnx.checker.check_model(model, full_check=True)
        return model
