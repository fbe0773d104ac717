"""Topics learned from files of labelled texts, and measured on others: what the two commands do."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zlib import crc32

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import SYSTEM
from config.refusal import Refused
from hotline.choices import Purpose, RunState
from hotline.models import TrainingRun
from hotline.suggesting.keeping import text_model
from hotline.suggesting.labelled_files import read_labelled
from hotline.suggesting.learning import Progress, learn, tempered
from hotline.suggesting.measuring import Figures
from hotline.suggesting.text_model import Labelled, TextModel
from hotline.suggesting.training import Learned, conclude, judged

_HELD_BACK_ONE_IN = 7


def read_all(files: Sequence[Path]) -> list[Labelled]:
    """The texts of all files. Raises Refused."""
    return [one for file in files for one in read_labelled(file)]


def train_on(texts: Sequence[Labelled], progress: Progress, now: datetime) -> Figures:
    """Learn topics from these texts and use them from now on; a person has asked for it by naming the files.

    Figures are of a model that learned six in seven of the texts, on the seventh; the one kept has learned them all.
    Raises Refused `one_label`.
    """
    if len({one.label for one in texts}) < 2:
        raise Refused("one_label", _("Two labels at least are needed to tell them apart."), 422)
    learned, held = _parted(texts)
    trial = learn(learned, lambda share: progress(share / 2))
    heat = tempered(trial, held)
    trial.temperature = heat
    figures = judged(trial, held)
    model = learn(texts, lambda share: progress(0.5 + share / 2))
    model.temperature = heat
    _keep(model, len(texts), figures, now)
    return figures


def evaluate_on(texts: Sequence[Labelled]) -> Figures:
    """Measure the model in use. Raises Refused `no_model`."""
    found = text_model(Purpose.TOPICS)
    if found.model is None:
        raise Refused(
            "no_model", _("No topics were learned yet: train_suggester comes first."), 409
        )
    return judged(found.model, list(texts))


def _parted(texts: Sequence[Labelled]) -> tuple[list[Labelled], list[Labelled]]:
    """By the text itself, so that the same files are always parted in the same way, and copies stay together."""
    held = [crc32(one.text.encode()) % _HELD_BACK_ONE_IN == 0 for one in texts]
    return (
        [one for one, aside in zip(texts, held, strict=True) if not aside],
        [one for one, aside in zip(texts, held, strict=True) if aside],
    )


@transaction.atomic
def _keep(model: TextModel, cases: int, figures: Figures, now: datetime) -> None:
    run = TrainingRun.objects.create(
        purpose=Purpose.TOPICS,
        state=RunState.RUNNING,
        asked_by=SYSTEM.label,
        asked_at=now,
        started_at=now,
        progress=99,
    )
    conclude(run, Learned(model.packed(), cases, figures, None))
