"""The file between its check and its import: kept encrypted, bound to who brought it, gone after an hour."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import journaling
from accounts.actor import Actor
from accounts.models import Workbook, WorkbookState
from accounts.personal import decrypted, encrypted
from accounts.roles import May
from accounts.workbook.findings import Finding
from accounts.workbook.reading import read_workbook
from accounts.workbook.running import Outcome, Report, apply, check
from config.refusal import Refused, SomebodyWasFirst

KEPT = timedelta(hours=1)


def check_workbook(content: bytes, file_name: str, *, by: Actor, now: datetime) -> Workbook:
    """Look at every row and keep the file for an hour. Raises Refused where it cannot be read, PermissionDenied.

    No organisation, person or post is written.
    """
    by.require(May.MANAGE_PEOPLE)
    assert by.user_id is not None  # only people hold the permission
    report = check(read_workbook(content), by=by, now=now)
    forget_expired(now)
    return Workbook.objects.create(
        file_name=PurePath(file_name.replace("\\", "/")).name[-200:],
        sha256=hashlib.sha256(content).hexdigest(),
        content=encrypted(content),
        report=_sealed(report),
        uploaded_by_id=by.user_id,
        uploaded_at=now,
        expires_at=now + KEPT,
    )


def kept_for(by: Actor, workbook_id: UUID, now: datetime) -> Workbook | None:
    """The workbook, for whoever uploaded it and nobody else, until it expires."""
    rows = Workbook.objects.filter(pk=workbook_id, uploaded_by_id=by.user_id, expires_at__gt=now)
    return rows.first()


@transaction.atomic
def apply_workbook(workbook: Workbook, *, by: Actor, now: datetime) -> Report:
    """Import exactly the file that was checked, if it would still do exactly what the check said: all or nothing.

    Raises SomebodyWasFirst where it was applied already, Refused where something stands in its way; a report
    that has changed since the check is kept for another look.
    """
    post = by.require(May.MANAGE_PEOPLE)
    locked = Workbook.objects.select_for_update().get(pk=workbook.pk)
    if locked.uploaded_by_id != by.user_id or locked.expires_at <= now:
        raise Refused(
            "workbook_expired", _("The check is too old. Upload the workbook again."), 409
        )
    if locked.state == WorkbookState.APPLIED:
        raise SomebodyWasFirst(_("This workbook was imported already."))
    content = decrypted(locked.content)
    if hashlib.sha256(content).hexdigest() != locked.sha256:
        raise Refused("workbook_altered", _("The kept file has changed. Upload it again."), 409)
    promised = report_of(locked)
    if promised.blocked:
        raise Refused(
            "workbook_blocked",
            _("Some rows are wrong. Correct them in the workbook and upload it again."),
            409,
        )
    report = apply(read_workbook(content), by=by, now=now, expected=_same_as(promised))
    locked.report = _sealed(report)
    kept_promise = not report.blocked and _same_as(promised)(report)
    if kept_promise:
        locked.state, locked.applied_at = WorkbookState.APPLIED, now
        locked.content = encrypted(b"")
        journaling.append(
            "workbook.applied",
            subject=("workbook", str(locked.pk)),
            area_code=post.area_code,
            by=by,
            now=now,
            post=post,
            data={"sha256": locked.sha256, "rows": len(report.outcomes)},
        )
    locked.save()
    return report


def report_of(workbook: Workbook) -> Report:
    """The report as it is kept."""
    stored: dict[str, Any] = json.loads(decrypted(workbook.report))
    return Report(
        [Outcome(**outcome) for outcome in stored["outcomes"]],
        [Finding(**finding) for finding in stored["findings"]],
    )


def forget_expired(now: datetime) -> int:
    """Delete what is past its hour; returns how many files."""
    gone, _each = Workbook.objects.filter(expires_at__lte=now).delete()
    return gone


def _same_as(promised: Report) -> Callable[[Report], bool]:
    return lambda report: _essence(report) == _essence(promised)


def _essence(report: Report) -> list[tuple[Any, ...]]:
    return [(o.sheet, o.row, o.outcome, o.changes) for o in report.outcomes]


def _sealed(report: Report) -> bytes:
    plain = {
        "outcomes": [asdict(outcome) for outcome in report.outcomes],
        "findings": [asdict(finding) for finding in report.findings],
    }
    return encrypted(json.dumps(plain, ensure_ascii=False).encode())
