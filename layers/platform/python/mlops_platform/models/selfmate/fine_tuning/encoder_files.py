"""Write an encoder as published ones lie in a folder, so that it is a source of weights itself."""

import hashlib
import shutil
from pathlib import Path

from safetensors.numpy import save_file

from mlops_platform.models.selfmate.encoder_graph import Weights


def write_encoder(folder: Path, weights: Weights, source: Path) -> str:
    """Write tuned weights into a new folder, with what belongs to the encoder that they were.

    Parameters
    ----------
    folder
        Where to; `weights.weights_folder` takes it.
    weights
        What `EncoderFineTuner` learnt.
    source
        The folder that it began with.

    Returns
    -------
    The SHA-256 of ``model.safetensors``.
    """
    folder.mkdir(parents=True)
    for name in ("config.json", "tokenizer.json"):
        shutil.copyfile(source / name, folder / name)
    path = folder / "model.safetensors"
    # The format's name is what loaders of published weights ask for first.
    save_file(weights, path, metadata={"format": "pt"})
    return hashlib.sha256(path.read_bytes()).hexdigest()
