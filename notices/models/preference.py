"""How a person wants to be told."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.edits import Edited
from accounts.personal import EncryptedTextField
from notices.choices import OUTWARD, Seriousness


def _channels(label: object) -> "ArrayField[list[str], list[str]]":
    return ArrayField(models.CharField(max_length=10), default=list, blank=True, verbose_name=label)  # type: ignore[arg-type]


class Preference(Edited):
    """Channels beside the bell for each seriousness, and the hours in which nobody wants to be called.

    Quiet hours are local (Asia/Shanghai) and may span midnight; both ends or neither. `email` is where
    the person wants mail; encrypted, and nobody else sees it.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="notice_preference"
    )
    ordinary = _channels(Seriousness.ORDINARY.label)
    urgent = _channels(Seriousness.URGENT.label)
    danger = _channels(Seriousness.DANGER.label)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    email = EncryptedTextField(_("e-mail"), blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="preference_quiet_hours_have_both_ends",
            ),
            *[
                models.CheckConstraint(
                    condition=Q(**{f"{column}__contained_by": [str(one) for one in OUTWARD]}),
                    name=f"preference_{column}_channels_are_known",
                )
                for column in Seriousness.values
            ],
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def channels_for(self, seriousness: str) -> list[str]:
        """The chosen channels, the bell left out."""
        chosen: list[str] = getattr(self, seriousness)
        return chosen
