"""A random BERT of a few thousand weights, written as published models are."""

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import TemplateProcessing

HIDDEN, LAYERS, HEADS, WIDE, POSITIONS = 16, 2, 4, 24, 140
WORDS = """[PAD] [UNK] [CLS] [SEP] my card is lost where what the rate how much did i spend on
last month transfer money to a friend ? ##s ##ed top up balance please exchange fee""".split()  # noqa: SIM905

Weights = dict[str, NDArray[np.float32]]


def random_weights(seed: int) -> Weights:
    """Weights with the names and shapes of a published encoder."""
    rng = np.random.default_rng(seed)

    def normal(*shape: int, scale: float = 0.3) -> NDArray[np.float32]:
        return rng.normal(scale=scale, size=shape).astype(np.float32)

    def layer_norm(name: str) -> Weights:
        return {f"{name}.weight": 1 + normal(HIDDEN), f"{name}.bias": normal(HIDDEN)}

    def dense(name: str, n_in: int, n_out: int) -> Weights:
        return {f"{name}.weight": normal(n_out, n_in), f"{name}.bias": normal(n_out)}

    weights = {
        "embeddings.word_embeddings.weight": normal(len(WORDS), HIDDEN, scale=1),
        "embeddings.position_embeddings.weight": normal(POSITIONS, HIDDEN),
        "embeddings.token_type_embeddings.weight": normal(2, HIDDEN),
        **layer_norm("embeddings.LayerNorm"),
    }
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}"
        for part in ("query", "key", "value"):
            weights |= dense(f"{layer}.attention.self.{part}", HIDDEN, HIDDEN)
        weights |= dense(f"{layer}.attention.output.dense", HIDDEN, HIDDEN)
        weights |= layer_norm(f"{layer}.attention.output.LayerNorm")
        weights |= dense(f"{layer}.intermediate.dense", HIDDEN, WIDE)
        weights |= dense(f"{layer}.output.dense", WIDE, HIDDEN)
        weights |= layer_norm(f"{layer}.output.LayerNorm")
    return weights


def write_tiny_bert(folder: Path, seed: int = 0, prefix: str = "") -> Weights:
    """Write config.json, model.safetensors and tokenizer.json; return the weights."""
    weights = random_weights(seed)
    config = {
        "model_type": "bert",
        "hidden_act": "gelu",
        "hidden_size": HIDDEN,
        "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS,
        "layer_norm_eps": 1e-12,
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config))
    save_file(
        {prefix + name: weight for name, weight in weights.items()}, folder / "model.safetensors"
    )
    tokenizer().save(str(folder / "tokenizer.json"))
    return weights


def tokenizer() -> Tokenizer:
    """A WordPiece tokenizer over `WORDS` that pads, as published ones do."""
    made = Tokenizer(
        WordPiece({word: number for number, word in enumerate(WORDS)}, unk_token="[UNK]")
    )
    made.normalizer = BertNormalizer(lowercase=True)
    made.pre_tokenizer = BertPreTokenizer()
    special = [("[CLS]", WORDS.index("[CLS]")), ("[SEP]", WORDS.index("[SEP]"))]
    made.post_processor = TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=special)
    made.enable_padding(length=32)
    return made
