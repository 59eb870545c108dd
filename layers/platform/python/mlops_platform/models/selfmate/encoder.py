"""The sentence encoder in service: text in, embeddings out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from mlops_platform.bundle.session import one_thread_session

# A turn in a conversation is short; what is longer is cut here, in tokens.
MAX_TOKENS: Final = 128


@dataclass(frozen=True)
class EncodedText:
    """One text, encoded.

    Parameters
    ----------
    tokens
        Embeddings of shape (n_tokens, hidden), the special first and last tokens included.
    spans
        Each token's first and past-the-last character in the text; (0, 0) for special tokens.
    sentence
        The sentence embedding of shape (hidden,), of Euclidean length 1.
    """

    tokens: NDArray[np.float32]
    spans: list[tuple[int, int]]
    sentence: NDArray[np.float32]


@dataclass(frozen=True)
class SentenceEncoder:
    """A loaded encoder.

    Parameters
    ----------
    session
        ONNX Runtime's session of a graph that `encoder_graph` built.
    tokenizer
        The tokenizer that the weights were trained with, without padding.
    """

    session: Any
    tokenizer: Tokenizer

    @classmethod
    def from_bytes(cls, graph: bytes, tokenizer: bytes) -> Self:
        """Load a graph and a ``tokenizer.json``."""
        return cls(one_thread_session(graph), served_tokenizer(tokenizer))

    def encode(self, text: str) -> EncodedText:
        """Encode one text; what exceeds `MAX_TOKENS` is left out."""
        encoding = self.tokenizer.encode(text)
        tokens, sentence = self._run(["token_embeddings", "sentence_embedding"], encoding.ids)
        return EncodedText(tokens[0], encoding.offsets, sentence[0])

    def sentence_embeddings(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the sentence embeddings of texts, of shape (n, hidden).

        One text at a time: a row then never depends on its neighbours, in training as in service,
        and no time goes into padding.
        """
        rows = [
            self._run(["sentence_embedding"], self.tokenizer.encode(text).ids)[0] for text in texts
        ]
        return np.concatenate(rows) if rows else np.empty((0, self.hidden_size), np.float32)

    @property
    def hidden_size(self) -> int:
        """Dimensions of an embedding."""
        size: int = self.session.get_outputs()[1].shape[1]
        return size

    def _run(self, outputs: list[str], token_ids: list[int]) -> list[NDArray[np.float32]]:
        ids = np.array([token_ids], dtype=np.int64)
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        results: list[NDArray[np.float32]] = self.session.run(outputs, given)
        return results


def served_tokenizer(document: bytes) -> Tokenizer:
    """Load a ``tokenizer.json``, to be used for one row at a time."""
    tokenizer = Tokenizer.from_buffer(document)
    # Published files pad to a fixed length: useless work.
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer
