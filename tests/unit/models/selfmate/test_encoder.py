from pathlib import Path

import numpy as np
import pytest

from mlops_platform.models.selfmate.encoder import MAX_TOKENS, SentenceEncoder
from mlops_platform.models.selfmate.encoder_graph import encoder_graph
from tests.unit.models.selfmate.reference_bert import reference_encoding
from tests.unit.models.selfmate.tiny_bert import HIDDEN, WORDS, Weights, write_tiny_bert


@pytest.fixture(scope="module")
def weights_and_encoder(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Weights, SentenceEncoder]:
    folder: Path = tmp_path_factory.mktemp("model")
    weights = write_tiny_bert(folder)
    graph = encoder_graph(folder).SerializeToString()
    return weights, SentenceEncoder.from_bytes(graph, (folder / "tokenizer.json").read_bytes())


def test_a_text_is_encoded_as_its_tokens_without_padding(
    weights_and_encoder: tuple[Weights, SentenceEncoder],
) -> None:
    weights, encoder = weights_and_encoder
    ids = [WORDS.index(word) for word in ("[CLS]", "my", "card", "is", "lost", "[SEP]")]

    encoded = encoder.encode("My card is LOST")

    tokens, sentence = reference_encoding(weights, ids)
    np.testing.assert_allclose(encoded.tokens, tokens, atol=2e-5)
    np.testing.assert_allclose(encoded.sentence, sentence, atol=1e-5)


def test_spans_point_into_the_text(
    weights_and_encoder: tuple[Weights, SentenceEncoder],
) -> None:
    text = "Where is my CARD?"

    spans = weights_and_encoder[1].encode(text).spans

    assert [text[begin:end] for begin, end in spans] == ["", "Where", "is", "my", "CARD", "?", ""]


def test_a_row_does_not_depend_on_its_neighbours(
    weights_and_encoder: tuple[Weights, SentenceEncoder],
) -> None:
    _, encoder = weights_and_encoder
    texts = ["my card", "transfer money to a friend please", "?"]

    together = encoder.sentence_embeddings(texts)

    for text, row in zip(texts, together, strict=True):
        np.testing.assert_array_equal(encoder.encode(text).sentence, row)


def test_a_long_text_is_cut_and_an_empty_one_is_encoded(
    weights_and_encoder: tuple[Weights, SentenceEncoder],
) -> None:
    _, encoder = weights_and_encoder

    assert encoder.encode("card " * 500).tokens.shape == (MAX_TOKENS, HIDDEN)
    assert encoder.encode("").tokens.shape == (2, HIDDEN)
    assert encoder.sentence_embeddings([]).shape == (0, HIDDEN)
