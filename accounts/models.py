"""Organisations, people, posts, partner systems, and the workbooks that bring them in."""

import uuid
from datetime import date, datetime, time, timedelta

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractApplication

from accounts.edits import LOCAL, Edited
from accounts.personal import EncryptedTextField
from accounts.roles import Role


class OrganisationKind(models.TextChoices):
    CENTRE = "centre", _("Governance centre")
    DEPARTMENT = "department", _("Department")
    SUBDISTRICT = "subdistrict", _("Subdistrict office")
    COMMUNITY = "community", _("Community committee")
    CONTRACTOR = "contractor", _("Contractor")
    MEDIATION_COMMITTEE = "mediation_committee", _("Mediation committee")
    STUDIO = "studio", _("Mediation studio")
    SOCIAL = "social", _("Social organisation")
    COMPANY = "company", _("Company")


class Organisation(Edited):
    """A body that can be told to act. It has two parents: who governs it (块) and who directs its trade (条).

    `area_code` is the prefix of the areas it serves. `department_kind` is the catalogue's word for what it
    handles (29 kinds, e.g. `sanitation`); empty for bodies that handle nothing.
    """

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=160, blank=True)
    kind = models.CharField(_("kind"), max_length=24, choices=OrganisationKind)
    department_kind = models.CharField(
        _("department kind"), max_length=40, blank=True, db_index=True
    )
    area_code = models.CharField(
        _("area"), max_length=15, db_collation="C", db_index=True, blank=True
    )
    administrative_parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="administrative_children"
    )
    professional_parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="professional_children"
    )
    phone = models.CharField(_("office phone"), max_length=20, blank=True)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=OrganisationKind.values), name="organisation_kind_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(administrative_parent=models.F("id"))
                & ~Q(professional_parent=models.F("id")),
                name="organisation_is_not_its_own_parent",
            ),
        ]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """The name in the reader's language: Chinese unless they read English and there is one."""
        return (self.name_en or self.name) if get_language() == "en" else self.name


class User(AbstractUser, Edited):
    """A person with an account. What they may do comes from their posts, never from flags on this row.

    `organisation` is the body that employs the person; together with the posts it decides which
    administrators see the account.
    """

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("name"), max_length=60)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="people"
    )
    phone = EncryptedTextField(_("mobile phone"), blank=True, default="")
    phone_hash = models.CharField(max_length=64, blank=True, db_index=True)
    language = models.CharField(max_length=10, blank=True)
    password_set_at = models.DateTimeField(null=True, blank=True)
    must_change_password = models.BooleanField(default=True)

    REQUIRED_FIELDS = ["name"]

    class Meta(AbstractUser.Meta):
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name


class OldPassword(models.Model):
    """Hashes of former passwords, so that the last five are not used again."""

    user = models.ForeignKey(User, models.CASCADE, related_name="old_passwords")
    password = models.CharField(max_length=128)
    set_at = models.DateTimeField()

    class Meta:
        ordering = ["-set_at", "-id"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.set_at:%Y-%m-%d}"


class PostQuerySet(models.QuerySet["Post"]):
    def held_on(self, day: date) -> "PostQuerySet":
        """Posts in force on `day` (local date; both ends included). One that was ended at once is not held that day."""
        next_day = datetime.combine(day + timedelta(days=1), time.min, LOCAL)
        return self.filter(
            Q(valid_from__lte=day)
            & (Q(valid_to=None) | Q(valid_to__gte=day))
            & (Q(ended_at=None) | Q(ended_at__gte=next_day))
        )


class Post(models.Model):
    """A person in a role, in an organisation, over an area, for a period. Several posts make a union.

    `valid_from` and `valid_to` are local dates, both included. `ended_at` (UTC) is set where somebody ended
    the post at once: it counts no more from that moment, whatever `valid_to` says. A trigger keeps
    administrators apart (MLPS): one of the three roles, and no other role beside it.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="posts")
    role = models.CharField(_("role"), max_length=24, choices=Role)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="posts"
    )
    area_code = models.CharField(
        _("area"), max_length=15, db_collation="C", blank=True, db_index=True
    )
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from")),
                name="post_period_is_forward",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="post_role_is_known"),
            models.UniqueConstraint(
                fields=["user", "role", "organisation", "area_code"],
                condition=Q(valid_to=None, ended_at=None),
                name="post_is_held_once",
                nulls_distinct=False,
            ),
        ]
        indexes = [models.Index(fields=["role", "area_code"], name="post_by_role_and_area")]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"


class ApiClient(AbstractApplication, Edited):  # type: ignore[misc]  # untyped library
    """A partner system. It sees only cases in its area, and only what its scopes allow.

    `organisation`, where set, is the unit in whose name the partner handles cases. `roles` (codes of
    `accounts.roles.Role`) say what it may do there, as a person's posts would.
    """

    area_code = models.CharField(_("area"), max_length=15, db_collation="C", blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True)
    allowed_scopes = models.JSONField(default=list)
    roles = models.JSONField(default=list)
    active = models.BooleanField(_("active"), default=True)

    class Meta(AbstractApplication.Meta):  # type: ignore[misc]  # untyped library
        swappable = "OAUTH2_PROVIDER_APPLICATION_MODEL"

    def is_usable(self, request: HttpRequest) -> bool:
        """Whether tokens may be issued: asked by the OAuth server at each request for one."""
        return self.active


class WorkbookState(models.TextChoices):
    CHECKED = "checked", _("Checked, nothing written")
    APPLIED = "applied", _("Applied")


class Workbook(models.Model):
    """An uploaded Excel workbook of organisations, people and posts: checked first, applied only when confirmed.

    `content` is the file, `report` what was found or done (JSON); both are encrypted, since they hold names, phone
    numbers and initial passwords, and both go when `expires_at` (UTC) has passed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    report = models.BinaryField()
    state = models.CharField(max_length=8, choices=WorkbookState, default=WorkbookState.CHECKED)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="workbooks")
    uploaded_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return self.file_name
