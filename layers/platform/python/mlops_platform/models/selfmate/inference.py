"""SelfMate in service: a loaded bundle that answers turns of a conversation."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final, Self

import numpy as np

from mlops_platform.bundle.reader import Bundle
from mlops_platform.errors import RequestValidationError
from mlops_platform.models.selfmate.category_reader import CategoryReader
from mlops_platform.models.selfmate.dialogue import reply
from mlops_platform.models.selfmate.encoder import SentenceEncoder
from mlops_platform.models.selfmate.intents import IntentReader
from mlops_platform.models.selfmate.monitored import FEATURE_VERSION, NAMES, monitored_rows
from mlops_platform.models.selfmate.reading import Reading
from mlops_platform.models.selfmate.request import ledger_of, problems_inside, session_of
from mlops_platform.models.selfmate.session import Session
from mlops_platform.models.selfmate.slots import SlotReader
from mlops_platform.models.selfmate.tools.ledger import Ledger
from mlops_platform.models.selfmate.understanding import Understanding
from mlops_platform.serving.bundled_inference import BundledInference, require_features
from mlops_platform.serving.inference import Features, ModelInputs, States

TOKENIZER: Final = "tokenizer.json"
INTENTS: Final = "intents.onnx"
INTENT_NAMES: Final = "intents.json"
SLOTS: Final = "slots.onnx"
CATEGORIES: Final = "categories.onnx"
CATEGORY_NAMES: Final = "categories.json"
RECORDED_REQUEST: Final = ("user_id", "timestamp")
RECORDED_ANSWER: Final = ("intent", "confidence", "oos_score", "is_answered")
_TURNS: Final = "turns"


@dataclass(frozen=True)
class Turn:
    """One turn, read but not answered.

    Parameters
    ----------
    reading
        What the model read in it.
    session, ledger
        What came before, and what an answer may rest on.
    today
        The UTC day on which it is said.
    """

    reading: Reading
    session: Session
    ledger: Ledger
    today: date


@dataclass(frozen=True)
class SelfMateInference(BundledInference):
    """One loaded bundle of SelfMate.

    Parameters
    ----------
    understanding
        Its graphs.
    """

    understanding: Understanding

    @classmethod
    def from_bundle(cls, bundle: Bundle) -> Self:
        """Load a verified bundle; raises as `from_folder`."""
        require_features(bundle, FEATURE_VERSION, NAMES)
        contents = bundle.contents
        intents = IntentReader.from_bytes(
            contents[INTENTS], json.loads(contents[INTENT_NAMES]), bundle.manifest.threshold
        )
        understanding = Understanding(
            encoder=SentenceEncoder.from_bytes(bundle.model, contents[TOKENIZER]),
            slots=SlotReader.from_bytes(contents[SLOTS]),
            intents=intents,
            categories=CategoryReader.from_bytes(
                contents[CATEGORIES], json.loads(contents[CATEGORY_NAMES])
            ),
        )
        return cls(bundle, understanding)

    def validate(self, features: Features) -> None:
        """Raise unless `features` fit the request signature, the objects in them included.

        Raises
        ------
        RequestValidationError
            With every problem of the row.
        """
        super().validate(features)
        problems = problems_inside(features)
        if problems:
            raise RequestValidationError(problems)

    def recorded(
        self, features: Features, output: dict[str, Any]
    ) -> tuple[Features, dict[str, Any]]:
        """Return who asked and how it was understood.

        What people say of their money, and the purchases they send with it, are their own: neither
        a log nor the monitoring keeps them.
        """
        return (
            {name: features[name] for name in RECORDED_REQUEST if name in features},
            {name: output[name] for name in RECORDED_ANSWER},
        )

    def prepare(
        self,
        rows: Sequence[Mapping[str, Any]],
        states: States,  # noqa: ARG002 - of every model's interface; this one needs none
        occurred_at: Sequence[int],
    ) -> ModelInputs:
        """Read the utterances of valid rows."""
        turns = [
            self._turn(self.signature.renamed(row), moment)
            for row, moment in zip(rows, occurred_at, strict=True)
        ]
        return ModelInputs(
            monitored=monitored_rows([turn.reading for turn in turns]),
            feeds={_TURNS: np.array(turns, dtype=object)},
        )

    def answer(self, inputs: ModelInputs) -> list[dict[str, Any]]:
        """Answer prepared turns in their order."""
        return [self._answer(turn) for turn in inputs.feeds[_TURNS]]

    def _turn(self, row: Mapping[str, Any], moment: int) -> Turn:
        ledger = ledger_of(row)
        return Turn(
            reading=self.understanding.read(row["text"], ledger),
            session=session_of(row),
            ledger=ledger,
            today=datetime.fromtimestamp(moment, UTC).date(),
        )

    def _answer(self, turn: Turn) -> dict[str, Any]:
        said = reply(
            turn.reading,
            turn.session,
            turn.ledger,
            turn.today,
            self.understanding.nearest_category,
        )
        return {
            "text": said.text,
            "intent": said.intent,
            "confidence": turn.reading.intent.probability,
            "oos_score": turn.reading.intent.oos_score,
            "is_answered": said.is_answered,
            "figures": [figure.to_dict() for figure in said.figures],
            "session": said.session.to_dict(),
        }


def load_inference(folder: Path) -> SelfMateInference:
    """Load an unpacked bundle; see `SelfMateInference.from_folder`."""
    return SelfMateInference.from_folder(folder)
