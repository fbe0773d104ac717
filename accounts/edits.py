"""Records that two administrators may have open at once: the second is told who was first."""

from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from config.refusal import SomebodyWasFirst


class Edited(models.Model):
    """`version` grows with every change; the two others say whose change it was, and when (UTC)."""

    version = models.IntegerField(default=1)
    changed_at = models.DateTimeField(null=True)
    changed_by = models.CharField(max_length=120, blank=True)

    class Meta:
        abstract = True

    def overtaken(self) -> SomebodyWasFirst:
        """The refusal for somebody who edits an older version than this one."""
        return SomebodyWasFirst(
            _(
                "%(who)s changed this at %(when)s, after you opened it. What you typed is still here."
            )
            % {"who": self.changed_by or "—", "when": _clock_time(self.changed_at)},
            kept={"version": self.version},
        )


LOCAL = ZoneInfo("Asia/Shanghai")
Record = TypeVar("Record", bound=Edited)


def write_over(
    record: Record, *, version: int | None, by: Actor, now: datetime, **values: Any
) -> Record:
    """Save `values` on `record` if it still has `version` (None: whatever it has). Raises SomebodyWasFirst.

    The update is conditional, so of two writers at the same instant exactly one succeeds.
    """
    rows: models.QuerySet[Record] = type(record)._default_manager.filter(pk=record.pk)
    if version is not None:
        rows = rows.filter(version=version)
    values |= {"changed_at": now, "changed_by": by.label}
    if not rows.update(version=F("version") + 1, **values):
        record.refresh_from_db()
        raise record.overtaken()
    record.refresh_from_db()
    return record


def _clock_time(moment: datetime | None) -> str:
    return moment.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M") if moment else "—"
