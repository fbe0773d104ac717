"""A grid worker finds a trifle, puts it right on the spot, and writes down both."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from config.refusal import Refused
from incidents.case import Case, Deed
from incidents.choices import Informed, PhotoKind, Source
from incidents.photos import Examined, add, files_kept_or_removed
from incidents.report import Reported, report
from incidents.taking import effect, guard, take


@guard("self_close")
def not_to_be_self_handled(case: Case) -> Promise | None:
    """Trifles only, and only those that the catalogue names."""
    if case.item is None:
        return _("Choose the item first: only some may be handled by oneself.")
    if case.is_dangerous:
        return _(
            "This matter is dangerous: it is reported, handled by the unit, and looked at again."
        )
    if not case.item.self_handle:
        return _("This matter may not be handled by oneself. It stays reported.")
    return None


@guard("self_close")
def before_and_after_photos_missing(case: Case) -> Promise | None:
    """Two photos tell that something was there and that it is gone."""
    if not case.has_photo(PhotoKind.BEFORE) or not case.has_photo(PhotoKind.AFTER):
        return _("Self-handling needs a photo from before and one from after.")
    return None


@effect("self_close")
def self_close(deed: Deed) -> None:
    """Done on the spot; samples are looked at again."""
    incident = deed.incident
    incident.solved = True
    incident.informed, incident.informed_at = Informed.SELF, deed.now
    incident.closed_at = deed.now
    deed.data["item"] = deed.item.code if deed.item else ""


def report_self_handled(
    *,
    by: Actor,
    now: datetime,
    before: Sequence[Examined],
    after: Sequence[Examined],
    done: str = "",
    **facts: Any,
) -> Reported:
    """Report and close at once. `facts` are those of `report`; `done` says what was done (else the report's text
    does).

    Where the case may not be closed by oneself it stays reported, and the last note says why: what was
    found is never lost. One transaction.
    """
    with files_kept_or_removed(), transaction.atomic():
        reported = report(by=by, now=now, **{"source": Source.GRID, **facts})
        if not reported.created:
            return reported
        number = reported.incident.number
        for kind, photos in ((PhotoKind.BEFORE, before), (PhotoKind.AFTER, after)):
            for photo in photos:
                add(number=number, by=by, now=now, kind=kind, photo=photo)
        try:
            with transaction.atomic():
                closed = take(
                    "self_close",
                    number=number,
                    by=by,
                    now=now,
                    facts={"text": done or reported.incident.text},
                )
        except Refused as refused:
            return Reported(reported.incident, True, (*reported.notes, refused.sentence))
    return Reported(closed, True, reported.notes)
