"""Who is enrolled, which areas are in emergency, who is called up into which team, and the hours that count.

Positions are WGS 84 degrees, times UTC.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.edits import Edited
from accounts.personal import EncryptedTextField, mask_name, mask_phone
from emergency.choices import (
    OUT,
    CalledState,
    CallUpState,
    EnrolmentKind,
    EnrolmentState,
    EventKind,
    Grouping,
    Level,
    Per,
    Phoned,
    ServiceSource,
    ServiceState,
    Skill,
    State,
)
from steps.models import Moving

_PERSON = settings.AUTH_USER_MODEL


class Enrolment(Moving):
    """A person enrolled in an area (编入网格): an account, or a name and a phone, which lie encrypted.

    `who` is the same for the same person in any enrolment: the account, else the keyed hash of the phone. Hours are
    required for each `required_per`; 0 asks for none. Days are local, both included.
    """

    state = models.CharField(max_length=16, choices=EnrolmentState)
    person = models.ForeignKey(
        _PERSON, models.PROTECT, null=True, blank=True, related_name="enrolments"
    )
    name = EncryptedTextField(blank=True, default="")
    phone = EncryptedTextField(blank=True, default="")
    who = models.CharField(max_length=70, db_index=True)
    kind = models.CharField(max_length=16, choices=EnrolmentKind)
    skills = ArrayField(models.CharField(max_length=16, choices=Skill), default=list)
    required_hours = models.DecimalField(max_digits=5, decimal_places=1, default=0)
    required_per = models.CharField(max_length=5, choices=Per, default=Per.MONTH)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    enrolled_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=EnrolmentState.values), name="enrolment_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=EnrolmentKind.values), name="enrolment_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from")),
                name="enrolment_period_is_forward",
            ),
            models.CheckConstraint(
                condition=Q(required_hours__gte=0), name="enrolment_hours_are_not_negative"
            ),
            models.UniqueConstraint(
                fields=["who", "area_code", "kind"],
                condition=Q(state=EnrolmentState.ACTIVE),
                name="person_is_enrolled_once",
            ),
        ]
        indexes = [
            models.Index(fields=["area_code", "state"], name="enrolment_by_area"),
            GinIndex(fields=["skills"], name="enrolment_by_skill"),
        ]

    @property
    def shown_name(self) -> str:
        """A colleague's name; the name of somebody without an account is masked."""
        return self.person.name if self.person else mask_name(self.name)

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.person.phone if self.person else self.phone)

    @property
    def skill_names(self) -> list[str]:
        """In the reader's language."""
        return [str(Skill(code).label) for code in self.skills]


class Service(models.Model):
    """Hours that somebody served: from a call-up at once, entered by hand once somebody else approved them."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="services")
    source = models.CharField(max_length=8, choices=ServiceSource)
    state = models.CharField(max_length=10, choices=ServiceState)
    day = models.DateField()
    minutes = models.PositiveIntegerField()
    text = models.CharField(max_length=200, blank=True)
    called = models.OneToOneField(
        "Called", models.PROTECT, null=True, blank=True, related_name="service"
    )
    entered_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()
    decided_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-day", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ServiceState.values), name="service_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("entered_by")),
                name="service_is_approved_by_another",
            ),
        ]
        indexes = [models.Index(fields=["enrolment", "day"], name="service_by_day")]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.day}"

    @property
    def hours(self) -> float:
        return round(self.minutes / 60, 1)


class Activation(Moving):
    """An area, and all below it, in emergency. Once ended it keeps its report and its figures."""

    state = models.CharField(max_length=16, choices=State)
    kind = models.CharField(max_length=10, choices=EventKind)
    level = models.CharField(max_length=6, choices=Level)
    reason = models.TextField()
    instructions = models.TextField(blank=True)
    declared_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    declared_at = models.DateTimeField()
    report = models.TextField(blank=True)
    figures = models.JSONField(default=dict)

    class Meta:
        ordering = ["-declared_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="activation_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(level__in=Level.values), name="activation_level_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=State.DECLARED, ended_at=None)
                | Q(state=State.ENDED, ended_at__isnull=False),
                name="activation_end_has_its_time",
            ),
            models.UniqueConstraint(
                fields=["area_code"],
                condition=Q(state=State.DECLARED),
                name="area_is_in_one_emergency",
            ),
        ]
        indexes = [
            models.Index(fields=["area_code"], name="activation_by_area"),
            models.Index(fields=["-declared_at", "-id"], name="activation_newest_first"),
        ]


class Pace(Edited):
    """How much time a call-up gives at each level, in minutes: to answer, to arrive, to the leaders before the
    commander is told, and between two calls of the missing."""

    level = models.CharField(max_length=6, choices=Level, unique=True)
    answer_minutes = models.PositiveIntegerField(_("minutes to answer"), default=30)
    arrive_minutes = models.PositiveIntegerField(_("minutes to arrive"), default=120)
    above_minutes = models.PositiveIntegerField(
        _("minutes for the leaders, before the commander is told"), default=10
    )
    again_minutes = models.PositiveIntegerField(
        _("minutes before the missing may be called again"), default=10
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    answer_minutes__gt=0,
                    arrive_minutes__gt=0,
                    above_minutes__gt=0,
                    again_minutes__gt=0,
                ),
                name="pace_gives_time",
            ),
        ]

    def __str__(self) -> str:
        return self.get_level_display()


class CallUp(Moving):
    """The enrolled who are called with one press. `told_at` is empty until the notices are out: visibly pending.

    `calls` counts the times that the missing were called.
    """

    state = models.CharField(max_length=16, choices=CallUpState)
    activation = models.ForeignKey(Activation, models.PROTECT, related_name="call_ups")
    grouping = models.CharField(max_length=10, choices=Grouping)
    message = models.TextField(blank=True)
    called_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    called_at = models.DateTimeField()
    called_again_at = models.DateTimeField()
    calls = models.PositiveIntegerField(default=1)
    told_at = models.DateTimeField(null=True, blank=True)
    people = models.PositiveIntegerField()
    answer_minutes = models.PositiveIntegerField()
    arrive_minutes = models.PositiveIntegerField()
    above_minutes = models.PositiveIntegerField()
    again_minutes = models.PositiveIntegerField()
    answer_by = models.DateTimeField()
    arrive_by = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=CallUpState.values), name="call_up_state_is_known"
            ),
        ]


class Team(models.Model):
    """The called of one community or grid, with a leader and the point where they gather."""

    call_up = models.ForeignKey(CallUp, models.CASCADE, related_name="teams")
    area_code = models.CharField(max_length=15, db_collation="C")
    leader = models.ForeignKey(_PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    place = models.CharField(_("assembly point"), max_length=120, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ["area_code"]
        constraints = [
            models.UniqueConstraint(fields=["call_up", "area_code"], name="area_has_one_team")
        ]

    def __str__(self) -> str:
        return f"{self.call_up_id} {self.area_code}"


class Called(Moving):
    """One person called up. `*_in_time` is None until it is known; who was not there in time, and still is not, is
    absent.

    `calls` is the number of the last call that went to this person.
    """

    state = models.CharField(max_length=16, choices=CalledState)
    call_up = models.ForeignKey(CallUp, models.CASCADE, related_name="called")
    team = models.ForeignKey(Team, models.CASCADE, related_name="called")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="called")
    person = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="called")
    who = models.CharField(max_length=70)
    calls = models.PositiveIntegerField(default=1)
    phoned = models.CharField(max_length=12, choices=Phoned, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answer_in_time = models.BooleanField(null=True, blank=True)
    coming_at = models.DateTimeField(null=True, blank=True)
    cannot_because = models.CharField(max_length=200, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)
    arrive_in_time = models.BooleanField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    accuracy_m = models.FloatField(null=True, blank=True)
    distance_m = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=CalledState.values), name="called_state_is_known"
            ),
            models.UniqueConstraint(
                fields=["who"],
                condition=Q(state__in=sorted(OUT)),
                name="person_is_called_to_one_place",
            ),
            models.CheckConstraint(
                condition=~Q(state=CalledState.HERE) | Q(arrived_at__isnull=False),
                name="called_is_here_since",
            ),
        ]
        indexes = [
            models.Index(fields=["call_up", "state"], name="called_by_state"),
            models.Index(fields=["team"], name="called_by_team"),
        ]

    @property
    def is_awaited(self) -> bool:
        return self.state in (CalledState.CALLED, CalledState.COMING)

    @property
    def is_absent(self) -> bool:
        return self.is_awaited and self.arrive_in_time is False

    @property
    def is_late(self) -> bool:
        return self.arrived_at is not None and self.arrive_in_time is False

    @property
    def is_silent(self) -> bool:
        """Not answered, and the time for it is over."""
        return self.state == CalledState.CALLED and self.answer_in_time is False
