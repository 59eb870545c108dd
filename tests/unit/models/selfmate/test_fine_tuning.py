"""Fine-tuning, where torch is installed: `make test-finetune`.

A small random encoder learns here; what tuning the real one is worth says decision 0032.
"""

import hashlib
import json
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
from threadpoolctl import threadpool_limits

from mlops_platform.bundle.reader import open_bundle
from mlops_platform.data.world.files import write_utterances
from mlops_platform.data.world.world import World
from mlops_platform.errors import TrainingFailedError
from mlops_platform.models.selfmate.dataset import UtteranceDataset
from mlops_platform.models.selfmate.encoder_graph import EncoderConfig, encoder_graph
from mlops_platform.models.selfmate.fine_tuning.encoder_files import write_encoder
from mlops_platform.models.selfmate.slot_labels import Span
from mlops_platform.models.selfmate.slots import windows as served_windows
from mlops_platform.models.selfmate.weights import weights_folder
from tests.unit.models.selfmate.reference_bert import reference_encoding
from tests.unit.models.selfmate.tiny_bert import WORDS, Weights, random_weights, write_tiny_bert
from tests.unit.models.training_job import run_job

torch = pytest.importorskip("torch", reason="torch is installed by `make test-finetune` alone")

from mlops_platform.models.selfmate.fine_tuning.fine_tuner import EncoderFineTuner  # noqa: E402 (takes torch)
from mlops_platform.models.selfmate.fine_tuning.torch_encoder import TorchEncoder, windows  # noqa: E402

AS_OF = "2025-01-21T02:00:00Z"
# Two wordings of each intent to learn from, and one to judge by.
WORDINGS = {
    "lost": (("my {} is lost", "please where is my {}"), "my {} lost where"),
    "spent": (("how much did i spend on {}", "what did i spend on {}"), "what much spend on {}"),
    "moved": (("transfer money to {}", "please transfer my balance to {}"), "money to {} transfer"),
}
NAMES = ("friend", "card", "a friend", "the card")


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    """As in a job."""
    with threadpool_limits(limits=1):
        yield


def corpus(place: slice) -> UtteranceDataset:
    """The wordings in a place, each with every name, which is its slot."""
    rows = [
        (wording.format(name), intent, wording.index("{}"), len(name))
        for intent, (learnt, judged) in WORDINGS.items()
        for wording in (*learnt, judged)[place]
        for name in NAMES
    ]
    return UtteranceDataset(
        text=np.array([text for text, *_ in rows], dtype=object),
        intent=np.array([intent for _, intent, *_ in rows]),
        split=np.array(["train"] * len(rows)),
        user=np.array([""] * len(rows), dtype=object),
        slots=[(Span(start, start + length, "merchant"),) for *_, start, length in rows],
        timestamp=np.zeros(len(rows), dtype=np.int64),
    )


TRAIN, VALIDATION = corpus(slice(0, 2)), corpus(slice(2, 3))


def fitted(folder: Path, **parameters: Any) -> EncoderFineTuner:
    return tuner(**parameters).fit(folder, TRAIN, VALIDATION)


def tuner(**parameters: Any) -> EncoderFineTuner:
    settings = {"learning_rate": 1e-2, "batch_size": 8, "max_epochs": 16, "random_state": 1}
    return EncoderFineTuner(**(settings | parameters))


@pytest.fixture(scope="module")
def pretrained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("pretrained")
    write_tiny_bert(folder)
    return folder


@pytest.fixture(scope="module")
def tuned(pretrained: Path) -> EncoderFineTuner:
    return fitted(pretrained)


def torch_encoder(folder: Path, weights: Weights) -> TorchEncoder:
    tensors = {name: torch.tensor(weight) for name, weight in weights.items()}
    return TorchEncoder(EncoderConfig.from_file(folder / "config.json"), tensors)


def test_torch_computes_what_the_paper_says_whatever_the_padding(pretrained: Path) -> None:
    weights = random_weights(0)
    rng = np.random.default_rng(2)
    rows = [rng.integers(len(WORDS), size=n).tolist() for n in (9, 4)]
    ids = torch.tensor([rows[0], rows[1] + [7] * 5])
    mask = torch.tensor([[True] * 9, [True] * 4 + [False] * 5])

    tokens, sentences = torch_encoder(pretrained, weights)(ids, mask)

    for number, row in enumerate(rows):
        expected_tokens, expected_sentence = reference_encoding(weights, row)
        found = tokens[number, : len(row)].numpy()
        np.testing.assert_allclose(found, expected_tokens, atol=2e-5)
        np.testing.assert_allclose(sentences[number].numpy(), expected_sentence, atol=1e-5)
        np.testing.assert_array_equal(
            windows(tokens, mask)[number, : len(row)].numpy(), served_windows(found)
        )


def test_the_loss_falls_on_what_is_learnt_and_on_other_wordings(tuned: EncoderFineTuner) -> None:
    assert tuned.training_losses_[-1] < 0.4 * tuned.training_losses_[0]
    assert min(tuned.validation_losses_) < 0.4 * tuned.validation_losses_[0]
    assert tuned.validation_losses_[tuned.best_epoch_ - 1] == min(tuned.validation_losses_)


def test_every_layer_learns_and_words_that_nobody_said_stay(tuned: EncoderFineTuner) -> None:
    before = random_weights(0)
    assert tuned.weights_.keys() == before.keys()
    assert all(np.any(tuned.weights_[name] != weight) for name, weight in before.items())

    words = "embeddings.word_embeddings.weight"
    unsaid = [WORDS.index(word) for word in ("exchange", "fee", "rate")]
    np.testing.assert_array_equal(tuned.weights_[words][unsaid], before[words][unsaid])


def test_the_written_folder_is_a_source_of_weights_that_onnx_runtime_computes_alike(
    tuned: EncoderFineTuner, pretrained: Path, tmp_path: Path
) -> None:
    sha256 = write_encoder(tmp_path / "tuned", tuned.weights_, pretrained)

    folder = weights_folder(str(tmp_path / "tuned"), tmp_path / "unused")
    session = onnxruntime.InferenceSession(
        encoder_graph(folder).SerializeToString(), providers=["CPUExecutionProvider"]
    )
    ids = np.random.default_rng(3).integers(len(WORDS), size=(16, 12))
    outputs = session.run(
        ["token_embeddings", "sentence_embedding"],
        {"input_ids": ids, "attention_mask": np.ones_like(ids)},
    )
    learnt = torch_encoder(pretrained, tuned.weights_)(
        torch.from_numpy(ids), torch.ones(ids.shape, dtype=torch.bool)
    )

    for exported, source in zip(outputs, learnt, strict=True):
        assert np.abs(exported - source.numpy()).max() <= 1e-4
    assert sha256 == hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()


def test_the_same_seed_gives_the_same_weights_and_another_one_others(
    tuned: EncoderFineTuner, pretrained: Path
) -> None:
    again, other = fitted(pretrained), fitted(pretrained, random_state=2)

    for name, weight in tuned.weights_.items():
        np.testing.assert_array_equal(again.weights_[name], weight)
    assert any(np.any(other.weights_[name] != weight) for name, weight in tuned.weights_.items())


def test_it_stops_when_other_wordings_gain_nothing_and_keeps_the_best_epoch(
    pretrained: Path,
) -> None:
    # Intents that contradict those learnt: the better it learns, the worse it is there.
    wrong = VALIDATION.taken(np.ones(len(VALIDATION), dtype=bool))
    wrong.intent[:] = np.roll(wrong.intent, len(NAMES))

    stopped = tuner(max_epochs=30).fit(pretrained, TRAIN, wrong)

    n_epochs = len(stopped.validation_losses_)
    assert n_epochs == stopped.best_epoch_ + stopped.patience < 30
    assert stopped.best_epoch_ == 1 + int(np.argmin(stopped.validation_losses_))


def test_a_loss_that_is_no_number_any_more_says_what_to_change(pretrained: Path) -> None:
    with pytest.raises(TrainingFailedError, match="smaller learning_rate"):
        fitted(pretrained, learning_rate=1e30)


def test_mixed_precision_learns_as_well_and_keeps_weights_of_32_bits(
    tuned: EncoderFineTuner, pretrained: Path
) -> None:
    mixed = fitted(pretrained, mixed_precision=True)

    assert mixed.training_losses_[-1] == pytest.approx(tuned.training_losses_[-1], rel=0.1)
    assert mixed.training_losses_ != tuned.training_losses_
    assert {weight.dtype for weight in mixed.weights_.values()} == {np.dtype(np.float32)}


@pytest.fixture(scope="module")
def job(pretrained: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A training job that fine-tunes."""
    root: Path = tmp_path_factory.mktemp("job")
    first = date(2025, 1, 6)
    write_utterances(
        World(seed=5, n_users=15), root / "input/data", first, first + timedelta(days=5)
    )
    finished = run_job(
        "selfmate", root, as_of=AS_OF, encoder_weights=str(pretrained), fine_tune="true"
    )
    assert finished.returncode == 0, finished.stderr
    return root


def test_a_job_s_bundle_says_how_its_encoder_was_tuned(job: Path, pretrained: Path) -> None:
    lineage = open_bundle(job / "model/bundle").manifest.lineage["hyperparameters"]
    weights = (job / "output/data/encoder/model.safetensors").read_bytes()

    assert lineage["encoder_weights"] == str(pretrained)
    assert lineage["fine_tune"] is True
    assert lineage["fine_tuning_epochs"] >= 1
    assert lineage["fine_tuned_sha256"] == hashlib.sha256(weights).hexdigest()


def test_an_ordinary_job_on_the_tuned_encoder_makes_the_same_model(
    job: Path, tmp_path: Path
) -> None:
    shutil.copytree(job / "input/data", tmp_path / "input/data")

    finished = run_job(
        "selfmate", tmp_path, as_of=AS_OF, encoder_weights=str(job / "output/data/encoder")
    )

    assert finished.returncode == 0, finished.stderr
    reports = [json.loads((root / "model/evaluation.json").read_text()) for root in (job, tmp_path)]
    assert reports[0]["metrics"] == reports[1]["metrics"]
    contents = [open_bundle(root / "model/bundle").manifest.files for root in (job, tmp_path)]
    assert contents[0]["model.onnx"] == contents[1]["model.onnx"]
