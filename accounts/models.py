"""Organisations, people, posts and partner systems."""

from datetime import date

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractApplication

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


class Organisation(models.Model):
    """A body that can be told to act. It has two parents: who governs it (块) and who directs its trade (条).

    `area_code` is the prefix of the areas it serves. `department_kind` is the catalogue's word for what it
    handles (29 kinds, e.g. `sanitation`); empty for bodies that handle nothing.
    """

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160, blank=True)
    kind = models.CharField(max_length=24, choices=OrganisationKind)
    department_kind = models.CharField(max_length=40, blank=True, db_index=True)
    area_code = models.CharField(max_length=15, db_collation="C", db_index=True, blank=True)
    administrative_parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="administrative_children"
    )
    professional_parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="professional_children"
    )
    phone = models.CharField(max_length=20, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A person with an account. What they may do comes from their posts, never from flags on this row."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(max_length=60)
    phone = EncryptedTextField(blank=True, default="")
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
        ordering = ["-set_at"]


class PostQuerySet(models.QuerySet["Post"]):
    def held_on(self, day: date) -> "PostQuerySet":
        """Posts in force on `day` (local date; both ends included)."""
        return self.filter(Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gte=day)))


class Post(models.Model):
    """A person in a role, in an organisation, over an area, for a period. Several posts make a union."""

    user = models.ForeignKey(User, models.CASCADE, related_name="posts")
    role = models.CharField(max_length=24, choices=Role)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="posts"
    )
    area_code = models.CharField(max_length=15, db_collation="C", blank=True, db_index=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from")),
                name="post_period_is_forward",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="post_role_is_known"),
        ]
        indexes = [models.Index(fields=["role", "area_code"], name="post_by_role_and_area")]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"


class ApiClient(AbstractApplication):
    """A partner system. It sees only cases in its area, and only what its scopes allow.

    `organisation`, where set, is the unit in whose name the partner handles cases.
    `sees_all` widens reading from its own reports to every case in its area.
    """

    area_code = models.CharField(max_length=15, db_collation="C", blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True)
    allowed_scopes = models.JSONField(default=list)
    roles = models.JSONField(default=list)
    active = models.BooleanField(default=True)

    class Meta(AbstractApplication.Meta):
        swappable = "OAUTH2_PROVIDER_APPLICATION_MODEL"
