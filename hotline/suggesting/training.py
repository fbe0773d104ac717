"""Learning anew: run once at a time, kept only where it is not worse.

A run holds an advisory lock of its database connection: two workers never learn the same thing at once, and what a
killed one left behind is known as broken off by the next. The old model stays in use until the last moment.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from accounts.actor import SYSTEM
from hotline.choices import Purpose, RunState
from hotline.models import TrainingRun
from hotline.suggesting import history
from hotline.suggesting.asking import NIGHTLY, ask_for_training
from hotline.suggesting.keeping import put_in_use, text_model, unit_model
from hotline.suggesting.learning import learn, tempered
from hotline.suggesting.measuring import Figures, judge
from hotline.suggesting.text_model import Labelled, TextModel
from hotline.suggesting.unit_model import Dispatched, UnitModel, count
from journal.append import append

FEWEST_CASES = 50  # fewer teach less than the names of the catalogue say
_LOCK_SPACE = 7_246_001  # the first of the two numbers of the advisory locks of this file
_LOCKS = {purpose: place for place, purpose in enumerate(Purpose)}
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Learned:
    """What a run found: the file of the new model, and how old and new did on the cases held back."""

    data: bytes
    cases: int
    new: Figures
    old: Figures | None


class TooFew(Exception):
    """There is not enough to learn from."""

    def __init__(self, cases: int) -> None:
        super().__init__(cases)
        self.cases = cases


def train_asked() -> int:
    """Run what waits. Returns how many runs ended here."""
    waiting = TrainingRun.objects.filter(state=RunState.ASKED).order_by("pk")
    return sum(conduct(run) for run in waiting)


def train_nightly(now: datetime) -> int:
    """Learn everything anew that is learned from filings and dispatches."""
    for purpose in NIGHTLY:
        if not TrainingRun.objects.filter(purpose=purpose, state=RunState.ASKED).exists():
            ask_for_training(purpose=purpose, by=SYSTEM, now=now)
    return train_asked()


def conduct(run: TrainingRun) -> bool:
    """Do one run from beginning to end. False where another worker is at it, or was first."""
    with _alone(Purpose(run.purpose)) as alone:
        if not alone or not _begin(run):
            return False
        try:
            learned = _LEARNERS[Purpose(run.purpose)](_told(run))
        except TooFew as few:
            _end(run, RunState.TOO_FEW, cases=few.cases)
        except (
            Exception
        ) as error:  # whatever goes wrong is told on the page, and the old model serves on
            _end(run, RunState.FAILED, error=f"{type(error).__name__}: {error}"[:200])
            raise
        else:
            conclude(run, learned)
    return True


@contextmanager
def _alone(purpose: Purpose) -> Iterator[bool]:
    """Whether nobody else learns this; the lock goes with the connection of a killed process."""
    numbers = [_LOCK_SPACE, _LOCKS[purpose]]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", numbers)
        alone = bool(cursor.fetchone()[0])
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", numbers)


def _begin(run: TrainingRun) -> bool:
    """Take the run. Whatever runs of this purpose without holding the lock was killed."""
    now = timezone.now()
    TrainingRun.objects.filter(purpose=run.purpose, state=RunState.RUNNING).update(
        state=RunState.BROKEN, finished_at=now
    )
    began = TrainingRun.objects.filter(pk=run.pk, state=RunState.ASKED).update(
        state=RunState.RUNNING, started_at=now, progress=1
    )
    run.refresh_from_db()
    return bool(began)


def _told(run: TrainingRun) -> Progress:
    def tell(percent: int) -> None:
        if percent > run.progress:
            run.progress = min(percent, 99)
            TrainingRun.objects.filter(pk=run.pk).update(progress=run.progress)

    return tell


def conclude(run: TrainingRun, learned: Learned) -> None:
    """Use the new model where it is not worse on the cases held back; else keep the old one, and say so."""
    worse = learned.old is not None and learned.new.accuracy < learned.old.accuracy
    figures = learned.new.as_json()
    if learned.old is not None:
        figures["old_accuracy"] = round(learned.old.accuracy, 4)
        figures["old_macro_f1"] = round(learned.old.macro_f1, 4)
    with transaction.atomic():
        if not worse:
            put_in_use(run, learned.data, timezone.now())
        _end(
            run,
            RunState.WORSE if worse else RunState.KEPT,
            cases=learned.cases,
            held_back=learned.new.cases,
            figures=figures,
        )


@transaction.atomic
def _end(run: TrainingRun, state: RunState, **facts: object) -> None:
    now = timezone.now()
    ended = {"state": state, "progress": 100, "finished_at": now, **facts}
    TrainingRun.objects.filter(pk=run.pk).update(**ended)
    append(
        "suggester.trained",
        subject=("training", run.pk),
        area_code="",
        by=SYSTEM,
        now=now,
        data={"purpose": run.purpose, "training_state": state.value},
    )


# --- what is learned ------------------------------------------------------------------------------------


def _learn_items(tell: Progress) -> Learned:
    """From the text to the item it was filed under."""
    texts, held = history.filings()
    tell(5)
    return learned_from(texts, held, text_model(Purpose.ITEMS).model, tell)


def learned_from(
    texts: list[Labelled], held: list[Labelled], old: TextModel | None, tell: Progress
) -> Learned:
    """Learn texts, and judge the new model and the old one by those held back. Raises TooFew."""
    if len(texts) < FEWEST_CASES or len({one.label for one in texts}) < 2 or not held:
        raise TooFew(len(texts))
    model = learn(texts, lambda share: tell(5 + round(80 * share)))
    model.temperature = tempered(model, held)
    tell(90)
    new = judged(model, held)
    return Learned(model.packed(), len(texts), new, judged(old, held) if old else None)


def judged(model: TextModel, held: list[Labelled]) -> Figures:
    """How often the model finds the label that people gave."""
    guessed = [model.best(one.text, one.title) for one in held]
    return judge([one.label for one in held], guessed)


def _learn_units(tell: Progress) -> Learned:
    """From item and place to the unit that acts."""
    sent, held = history.dispatches()
    if len(sent) < FEWEST_CASES or not held:
        raise TooFew(len(sent))
    tell(60)
    model = count(sent)
    stood = [case for case in held if not case.returned]
    old = unit_model().model
    old_figures = _judged_units(old, stood) if old else None
    return Learned(model.packed(), len(sent), _judged_units(model, stood), old_figures)


def _judged_units(model: UnitModel, held: list[Dispatched]) -> Figures:
    """How often the unit that kept a case stands first; an empty guess where the model is silent."""
    return judge([case.unit for case in held], [_first_unit(model, case) for case in held])


def _first_unit(model: UnitModel, case: Dispatched) -> str:
    found = model.likely(
        item=case.item,
        subclass=case.subclass,
        area_code=case.area_code,
        source=case.source,
        part_of_day=case.part_of_day,
    )
    return found[0].unit if found else ""


_LEARNERS: dict[Purpose, Callable[[Progress], Learned]] = {
    Purpose.ITEMS: _learn_items,
    Purpose.UNITS: _learn_units,
}
