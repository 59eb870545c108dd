import sys
from pathlib import Path

import numpy as np
import pytest

from mlops_platform.errors import ConfigurationError
from mlops_platform.models.selfmate.dataset import UtteranceDataset
from mlops_platform.models.selfmate.job_encoder import JobEncoder
from mlops_platform.training.job import TrainingJob
from tests.unit.models.selfmate.tiny_bert import write_tiny_bert

NOTHING_SAID = UtteranceDataset(
    text=np.array([], dtype=object),
    intent=np.array([], dtype=str),
    split=np.array([], dtype=str),
    user=np.array([], dtype=object),
    slots=[],
    timestamp=np.array([], dtype=np.int64),
)


def job(root: Path, **hyperparameters: str) -> TrainingJob:
    write_tiny_bert(root / "weights")
    return TrainingJob(root, {"encoder_weights": str(root / "weights"), **hyperparameters})


def test_unless_asked_the_encoder_stays_as_it_was_published(tmp_path: Path) -> None:
    told, asked = (
        JobEncoder.of(job(tmp_path, **given), NOTHING_SAID)
        for given in ({}, {"fine_tune": "false"})
    )

    assert told == asked
    assert told.origin == {"encoder_weights": str(tmp_path / "weights")}
    assert told.tokenizer == (tmp_path / "weights/tokenizer.json").read_bytes()
    assert not (tmp_path / "output").exists()


def test_fine_tuning_without_torch_names_the_file_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.delitem(
        sys.modules, "mlops_platform.models.selfmate.fine_tuning.fine_tuner", raising=False
    )

    with pytest.raises(ConfigurationError, match=r"requirements/finetune\.txt"):
        JobEncoder.of(job(tmp_path, fine_tune="true"), NOTHING_SAID)


def test_another_word_than_true_or_false_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="fine_tune is 'yes'; give true or false"):
        JobEncoder.of(job(tmp_path, fine_tune="yes"), NOTHING_SAID)
