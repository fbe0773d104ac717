"""Rules that administrators edit, the ladder of each clock, and the rungs that fired."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext

from accounts.edits import Edited
from clocks.models import Clock
from escalation.choices import Deed
from incidents.choices import Risk, Stage, Urgency
from incidents.models import Incident
from journal.models import Event


class EscalationRule(Edited):
    """By what a case of some kind climbs. An empty condition holds for any; the most exact rule wins.

    `rungs` is a list of objects as `escalation.rungs` reads them. A rule is never deleted, because ladders
    were planned by it: it is switched off.
    """

    name = models.CharField(max_length=80)
    area_code = models.CharField(max_length=15, db_collation="C", blank=True)
    item_code = models.CharField(max_length=20, blank=True)
    risk = models.CharField(max_length=8, choices=Risk, blank=True)
    urgency = models.CharField(max_length=8, choices=Urgency, blank=True)
    stage = models.CharField(max_length=12, choices=Stage, blank=True)
    rungs = models.JSONField(default=list)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["item_code", "area_code", "risk", "urgency", "stage", "id"]
        constraints = [
            # Two rules that fit one case in the same breadth fit it by the same conditions: no other tie can be.
            models.UniqueConstraint(
                fields=["item_code", "area_code", "risk", "urgency", "stage"],
                condition=Q(active=True),
                name="escalation_rule_no_tie",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """The name as it was typed; those that come with the program in the reader's language."""
        return {
            "默认：处置": gettext("Default: handling"),
            "默认：其他环节": gettext("Default: other stages"),
        }.get(self.name, self.name)


class Ladder(models.Model):
    """What a running clock still has to climb, and how far it has come. One per clock, that is per round.

    `plan` is the list of its rungs with their moments (`escalation.plans`), copied from the rule in force when
    the clock began: a rule edited later is for clocks that begin later. `due_at` and `turns` say which
    deadline the plan was made for. `next_at` is when somebody must look again, null while paused and at the end.
    `heavy` says that the next rungs change something and are done one ladder at a time.
    """

    clock = models.OneToOneField(Clock, models.CASCADE, related_name="ladder")
    incident = models.ForeignKey(Incident, models.CASCADE, related_name="ladders")
    rule = models.ForeignKey(EscalationRule, models.PROTECT, null=True, related_name="ladders")
    area_code = models.CharField(max_length=15, db_collation="C", blank=True)
    plan = models.JSONField(default=list)
    fired = ArrayField(models.SmallIntegerField(), default=list)
    due_at = models.DateTimeField(null=True)
    turns = models.IntegerField(default=0)
    paused = models.BooleanField(default=False)
    waits = models.BooleanField(default=False)
    heavy = models.BooleanField(default=False)
    next_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    failures = models.IntegerField(default=0)
    failed_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(next_at=None), name="ladder_ends_for_good"
            )
        ]
        indexes = [
            models.Index(
                fields=["next_at", "id"],
                condition=Q(next_at__isnull=False, heavy=False),
                name="ladder_due_light",
            ),
            models.Index(
                fields=["next_at", "id"],
                condition=Q(next_at__isnull=False, heavy=True),
                name="ladder_due_heavy",
            ),
            models.Index(fields=["failed_at"], condition=Q(failures__gt=0), name="ladder_failing"),
            models.Index(fields=["area_code"], condition=Q(waits=True), name="ladder_waiting"),
        ]

    def __str__(self) -> str:
        return f"ladder of clock {self.clock_id}"


class Rung(models.Model):
    """A rung that fired, once: the database refuses a second one of this number on this clock.

    `planned_at` is its moment, `fired_at` when it was done, `late` that this was more than a few minutes
    after. `moved` is false where there was nothing to do (the case was on that level already).
    """

    ladder = models.ForeignKey(Ladder, models.CASCADE, related_name="rungs")
    clock = models.ForeignKey(Clock, models.CASCADE, related_name="+", db_index=False)
    number = models.SmallIntegerField()
    deed = models.CharField(max_length=16, choices=Deed)
    planned_at = models.DateTimeField()
    fired_at = models.DateTimeField()
    late = models.BooleanField(default=False)
    moved = models.BooleanField(default=True)
    event = models.ForeignKey(Event, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        ordering = ["fired_at", "number"]
        constraints = [
            models.UniqueConstraint(fields=["clock", "number"], name="rung_fires_once"),
            models.CheckConstraint(condition=Q(deed__in=Deed.values), name="rung_deed_is_known"),
        ]

    def __str__(self) -> str:
        return f"rung {self.number} of clock {self.clock_id}"
