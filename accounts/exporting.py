"""Taking lists away as workbooks: what the filter shows, without phone numbers, and written down in the journal.

The workbooks have the form of the import, so that a list can be worked on and brought back.
"""

from datetime import datetime
from typing import TypeVar
from uuid import uuid4

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from accounts import journaling
from accounts.actor import Actor, HeldPost
from accounts.models import Organisation, User
from accounts.roles import May
from accounts.visible import ADMINISTERING
from accounts.workbook.reading import MOST_ROWS
from config.refusal import Refused

Row = TypeVar("Row", bound=Model)


def export_people(rows: QuerySet[User], *, by: Actor, now: datetime) -> list[User]:
    """The people to be written into a workbook. Raises Refused where they are too many, PermissionDenied."""
    post = next((by.may(may) for may in ADMINISTERING if by.may(may)), None)
    return _taken("people.exported", rows, post or by.require(May.MANAGE_PEOPLE), by=by, now=now)


def export_organisations(
    rows: QuerySet[Organisation], *, by: Actor, now: datetime
) -> list[Organisation]:
    """The organisations to be written into a workbook. Raises Refused where they are too many, PermissionDenied."""
    return _taken("organisations.exported", rows, by.require(May.MANAGE_PEOPLE), by=by, now=now)


@transaction.atomic
def _taken(
    verb: str, rows: QuerySet[Row], post: HeldPost, *, by: Actor, now: datetime
) -> list[Row]:
    found = list(rows[: MOST_ROWS + 1])
    if len(found) > MOST_ROWS:
        raise Refused(
            "export_too_large",
            _("The list has more than %(n)d rows. Narrow it down with the filters first.")
            % {"n": MOST_ROWS},
        )
    journaling.append(
        verb,
        subject=("export", str(uuid4())),
        area_code=post.area_code,
        by=by,
        now=now,
        post=post,
        data={"rows": len(found)},
    )
    return found
