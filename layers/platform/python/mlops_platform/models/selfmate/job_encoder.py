"""The encoder of one training job: pretrained, and fine-tuned if the job asks for it."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from threadpoolctl import threadpool_limits

from mlops_platform.errors import ConfigurationError
from mlops_platform.models.selfmate.dataset import UtteranceDataset
from mlops_platform.models.selfmate.encoder_graph import encoder_graph
from mlops_platform.models.selfmate.fine_tuning.encoder_files import write_encoder
from mlops_platform.models.selfmate.quantisation import quantised
from mlops_platform.models.selfmate.weights import EMBEDDED, weights_folder
from mlops_platform.training.job import TrainingJob

# The job's hyperparameters that say where the weights come from, and whether they learn, too.
WEIGHTS: Final = "encoder_weights"
FINE_TUNE: Final = "fine_tune"
# Below the job's output folder, from which SageMaker makes output.tar.gz.
TUNED: Final = "encoder"
_CHOICES: Final = {"true": True, "false": False}


@dataclass(frozen=True)
class JobEncoder:
    """An encoder in 8 bits.

    Parameters
    ----------
    graph, tokenizer
        What `SentenceEncoder.from_bytes` takes.
    origin
        What the lineage says of it.
    """

    graph: bytes
    tokenizer: bytes
    origin: dict[str, Any]

    @classmethod
    def of(cls, job: TrainingJob, dataset: UtteranceDataset) -> Self:
        """Fetch the job's weights, and fine-tune them on the training wordings if it says so.

        Raises
        ------
        ConfigurationError
            Fine-tuning is asked for in other words than true and false, or without torch.
        EncoderWeightsError
            There are no such weights.
        """
        origin = {WEIGHTS: job.hyperparameters.get(WEIGHTS, EMBEDDED)}
        with tempfile.TemporaryDirectory() as downloads:
            folder = weights_folder(origin[WEIGHTS], Path(downloads))
            if _fine_tunes(job):
                origin |= _fine_tuned(job, dataset, folder)
                folder = job.output_folder / TUNED
            graph = quantised(encoder_graph(folder)).SerializeToString()
            return cls(graph, (folder / "tokenizer.json").read_bytes(), origin)


def _fine_tunes(job: TrainingJob) -> bool:
    text = job.hyperparameters.get(FINE_TUNE, "false")
    if text not in _CHOICES:
        raise ConfigurationError(f"{FINE_TUNE} is {text!r}; give true or false.")
    return _CHOICES[text]


def _fine_tuned(job: TrainingJob, dataset: UtteranceDataset, source: Path) -> dict[str, Any]:
    """Write the tuned encoder into the job's output folder; return how it came to be."""
    try:
        from mlops_platform.models.selfmate.fine_tuning.fine_tuner import EncoderFineTuner  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            f"{error}. Fine-tuning takes torch: install requirements/finetune.txt, or leave "
            f"{FINE_TUNE} out to train the heads alone."
        ) from error
    tuner = EncoderFineTuner(random_state=job.random_state)
    # The job's own limit was set before torch brought its threads.
    with threadpool_limits(limits=1):
        tuner.fit(source, dataset.of("train"), dataset.of("validation"))
    sha256 = write_encoder(job.output_folder / TUNED, tuner.weights_, source)
    return {
        FINE_TUNE: True,
        "fine_tuning_epochs": tuner.best_epoch_,
        "fine_tuning_loss": tuner.validation_losses_[tuner.best_epoch_ - 1],
        "fine_tuned_sha256": sha256,
    }
