"""Asking for a training: a person or the night does, and a worker begins it in seconds."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.roles import May
from config.refusal import Refused
from hotline.choices import Purpose, RunState
from hotline.models import TrainingRun
from journal.append import append

# Learned anew every night from filings and dispatches. Topics are learned from files that somebody names.
NIGHTLY = (Purpose.ITEMS, Purpose.UNITS)


def runs_for(by: Actor) -> "QuerySet[TrainingRun]":
    """All trainings, for who manages the catalogue. They hold figures and names of the catalogue, never a text."""
    allowed = by.is_system or by.posts_with(May.MANAGE_CATALOGUE)
    return TrainingRun.objects.all() if allowed else TrainingRun.objects.none()


def ask_for_training(*, purpose: Purpose, by: Actor, now: datetime) -> TrainingRun:
    """Let the next worker learn anew. Raises PermissionDenied, Refused `training_waits` (409: one waits already),
    `learned_from_files` (422: topics are learned by a command that is given files)."""
    post = None if by.is_system else by.require(May.MANAGE_CATALOGUE)
    if purpose not in NIGHTLY:
        raise Refused(
            "learned_from_files",
            _("Topics are learned from files: manage.py train_suggester --texts FILE."),
            422,
        )
    with transaction.atomic():
        run, made = TrainingRun.objects.get_or_create(
            purpose=purpose,
            state=RunState.ASKED,
            defaults={"asked_by": by.label, "asked_at": now},
        )
        if not made:
            raise Refused(
                "training_waits", _("A training for this waits already; it begins in seconds."), 409
            )
        append(
            "suggester.training_asked",
            subject=("training", run.pk),
            area_code="",
            by=by,
            now=now,
            post=post,
            data={"purpose": purpose.value},
        )
    return run
