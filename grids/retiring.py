"""A grid goes out of use: its code stays for ever, its successors take over ground, people and open cases."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor, HeldPost
from accounts.authority import require_over
from accounts.roles import May
from config.refusal import Refused
from grids.locate import look_again
from grids.locking import held_grids
from grids.models import Area, AreaStatus
from grids.staffing import hand_over
from journal.append import Happening, append_many


@transaction.atomic
def retire(
    *, code: str, version: int | None, successors: Sequence[str], by: Actor, now: datetime
) -> Area:
    """Retire a grid in favour of others that are in use. Its people go with it as far as duties are free.

    Raises PermissionDenied, Area.DoesNotExist, SomebodyWasFirst, Refused.
    """
    heirs = sorted(set(successors))
    if not heirs:
        raise Refused(
            "no_successor", _("Say which grid takes over: cases hang on it."), field="successors"
        )
    if code in heirs:
        raise Refused("own_successor", _("A grid cannot succeed itself."), field="successors")
    grids = held_grids([code, *heirs], {code: version} if version is not None else {}, by)
    post = require_over(by, May.MANAGE_AREAS, code)
    grid = next(g for g in grids if g.code == code)
    put_out_of_use(
        [grid], [g for g in grids if g.code != code], verb="area.retired", by=by, now=now, post=post
    )
    look_again()
    return grid


def put_out_of_use(
    grids: Sequence[Area],
    heirs: Sequence[Area],
    *,
    verb: str,
    by: Actor,
    now: datetime,
    post: HeldPost | None,
) -> None:
    """Mark locked grids as retired in favour of `heirs`, hand their people over, and journal it.

    `verb` is what happened to them (`area.split`, `area.merged`, `area.retired`).
    """
    day = timezone.localdate(now)
    for grid in grids:
        grid.status, grid.valid_to = AreaStatus.RETIRED, max(day, grid.valid_from)
        grid.version += 1
        grid.save(update_fields=["status", "valid_to", "version"])
        grid.successors.set(heirs)
    moved = hand_over(grids, heirs, day=day)
    codes = [heir.code for heir in heirs]
    append_many(
        [
            Happening(
                verb=verb,
                subject=("area", grid.code),
                area_code=grid.code,
                by=by,
                now=now,
                post=post,
                data={"successors": codes, "duties_moved": moved.get(grid.code, 0)},
            )
            for grid in grids
        ]
    )
