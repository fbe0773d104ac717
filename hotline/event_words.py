"""How the events of this room are told: in timelines and the audit log."""

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from hotline.choices import Purpose, RunState
from journal import wording as journal


def _purposes(codes: Collection[Any]) -> Mapping[Any, str]:
    return {value: str(label) for value, label in Purpose.choices}


def _states(codes: Collection[Any]) -> Mapping[Any, str]:
    return {value: str(label) for value, label in RunState.choices}


journal.register_subject("training", _("Training of suggestions"))
journal.register_names("purpose", _purposes)
journal.register_names("training_state", _states)
journal.register(
    "suggester.training_asked", _("Training asked for: %(purpose)s"), icon="school", tone="brand"
)
journal.register(
    "suggester.trained", _("Trained: %(purpose)s, %(training_state)s"), icon="school", tone="green"
)
