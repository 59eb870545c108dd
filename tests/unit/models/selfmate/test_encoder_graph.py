import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from safetensors.numpy import save_file

from mlops_platform.errors import EncoderWeightsError
from mlops_platform.models.selfmate.encoder_graph import encoder_graph
from mlops_platform.models.selfmate.quantisation import quantised
from tests.unit.models.selfmate.reference_bert import reference_encoding
from tests.unit.models.selfmate.tiny_bert import HIDDEN, WORDS, random_weights, write_tiny_bert


def session_of(model: onnx.ModelProto) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )


@pytest.mark.parametrize("prefix", ["", "bert."])
def test_the_graph_computes_what_the_paper_says(tmp_path: Path, prefix: str) -> None:
    weights = write_tiny_bert(tmp_path, seed=3, prefix=prefix)
    token_ids = np.random.default_rng(1).integers(len(WORDS), size=23).tolist()

    tokens, sentence = session_of(encoder_graph(tmp_path)).run(
        ["token_embeddings", "sentence_embedding"],
        {"input_ids": [token_ids], "attention_mask": [[1] * 23]},
    )

    expected_tokens, expected_sentence = reference_encoding(weights, token_ids)
    np.testing.assert_allclose(tokens[0], expected_tokens, atol=2e-5)
    np.testing.assert_allclose(sentence[0], expected_sentence, atol=1e-5)


def test_padding_changes_no_embedding(tmp_path: Path) -> None:
    write_tiny_bert(tmp_path)
    session = session_of(encoder_graph(tmp_path))
    ids = np.array([[2, 4, 5, 6, 3]])

    (alone,) = session.run(
        ["sentence_embedding"], {"input_ids": ids, "attention_mask": ids * 0 + 1}
    )
    (padded,) = session.run(
        ["sentence_embedding"],
        {
            "input_ids": np.pad(ids, ((0, 0), (0, 4))),
            "attention_mask": np.array([[1] * 5 + [0] * 4]),
        },
    )

    np.testing.assert_allclose(padded, alone, atol=1e-6)


def test_int8_is_smaller_and_nearly_parallel(tmp_path: Path) -> None:
    write_tiny_bert(tmp_path)
    graph = encoder_graph(tmp_path)
    small = quantised(graph)
    rng = np.random.default_rng(0)
    fp32, int8 = session_of(graph), session_of(small)

    for _ in range(20):
        ids = rng.integers(len(WORDS), size=(1, 12))
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        (exact,) = fp32.run(["sentence_embedding"], given)
        (coarse,) = int8.run(["sentence_embedding"], given)
        assert exact[0] @ coarse[0] > 0.98
    assert sum(t.data_type == 3 for t in small.graph.initializer) >= 4 * 2


def test_weights_without_a_layer_are_refused_by_its_name(tmp_path: Path) -> None:
    write_tiny_bert(tmp_path)
    weights = random_weights(0)
    del weights["encoder.layer.1.output.dense.bias"]
    save_file(weights, tmp_path / "model.safetensors")

    with pytest.raises(EncoderWeightsError, match=r"encoder\.layer\.1\.output\.dense\.bias"):
        encoder_graph(tmp_path)


def test_another_kind_of_network_is_refused(tmp_path: Path) -> None:
    write_tiny_bert(tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps(config | {"model_type": "roberta"}))

    with pytest.raises(EncoderWeightsError, match="model_type = 'roberta'"):
        encoder_graph(tmp_path)


def test_the_sentence_embedding_has_the_configured_size(tmp_path: Path) -> None:
    write_tiny_bert(tmp_path)

    outputs = {o.name: o.shape for o in session_of(encoder_graph(tmp_path)).get_outputs()}

    assert outputs["sentence_embedding"] == ["batch", HIDDEN]
