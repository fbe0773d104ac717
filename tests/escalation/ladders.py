"""Ladders for tests: the default rules, and everything that the beat does, at a time that the test says."""

from datetime import datetime

from django.apps import apps

from clocks.models import Clock
from clocks.sweep import sweep
from escalation import climbing, planning, telling
from escalation.models import EscalationRule, Ladder, Rung
from incidents.models import Incident
from incidents.telling import tell_people
from journal.models import Event


def default_rules() -> None:
    """What the migration seeds, also after a test that emptied the tables."""
    from importlib import import_module

    import_module("escalation.migrations.0002_default_rules").seed(apps, None)


def rule(**fields: object) -> EscalationRule:
    """A saved rule for handling, of one urging at the deadline, unless said otherwise."""
    fields.setdefault("name", "试验阶梯")
    fields.setdefault("stage", "handle")
    fields.setdefault("rungs", [rung("due", 0, "urge")])
    return EscalationRule.objects.create(**fields)


def rung(when: str, value: int, deed: str, days: int = 0) -> dict[str, object]:
    return {"when": when, "value": value, "deed": deed, "days": days}


def planned() -> None:
    """The ladders are what the journal says."""
    while planning.plan():
        pass


def climbed(now: datetime) -> None:
    """Everything fired that is due at `now`."""
    while climbing.climb(now):
        pass
    while climbing.climb_one(now):
        pass


def beat(now: datetime) -> None:
    """What all periodic tasks do in one round."""
    sweep(now)
    planned()
    climbed(now)
    while telling.tell_people(now) + tell_people(now):
        pass


def clock_of(case: Incident, stage: str = "handle") -> Clock:
    """The newest clock of a stage."""
    clocks = Clock.objects.filter(subject_kind="incident", subject_id=case.pk, stage=stage)
    return clocks.latest("round")


def ladder_of(case: Incident, stage: str = "handle") -> Ladder:
    return Ladder.objects.get(clock=clock_of(case, stage))


def deeds_of(case: Incident, stage: str = "handle") -> list[str]:
    """What fired on the newest clock of a stage, in order."""
    fired = Rung.objects.filter(clock=clock_of(case, stage)).order_by("pk")
    return list(fired.values_list("deed", flat=True))


def verbs_of(case: Incident, *starts: str) -> list[str]:
    """The case's events whose verb begins so, in order."""
    events = Event.objects.filter(subject_kind="incident", subject_id=str(case.pk)).order_by("seq")
    return [v for v in events.values_list("verb", flat=True) if v.startswith(starts)]
