"""Photos of a case: kept on it, served only to who may see it, and no file is left without its row."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import FileResponse
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor, ActorKind
from config.refusal import Refused
from incidents.case import Case
from incidents.choices import OPEN, PhotoKind, State
from incidents.deadlines import subject_of
from incidents.lifecycle import (
    ASSISTING,
    CHECKER,
    CLERK,
    DISPATCHER,
    LEAD,
    REPORTER,
)
from incidents.models import Incident, Photo
from incidents.photo_reading import Examined, PhotoRefused, examine, examine_all
from incidents.querysets import WRITE, visible_to
from journal.append import append
from steps.table import Hand

__all__ = [
    "Examined",
    "PhotoRefused",
    "add",
    "attach",
    "examine",
    "examine_all",
    "photo_response",
    "remove_orphans",
]

MOST_PHOTOS = 100
_BEFORE_FILING = frozenset({State.REPORTED, State.PRECHECKING})
_WITH_UNIT = frozenset({State.DISPATCHED, State.HANDLING})
_ON_THE_SPOT = frozenset({State.PRECHECKING, State.VERIFYING})
_Hands = tuple[tuple[Hand, frozenset[State]], ...]

# Who may add which photo, and while the case is in which states.
_SCENE: _Hands = (
    (REPORTER, OPEN),
    (CLERK, OPEN),
    (DISPATCHER, OPEN),
    (LEAD, _WITH_UNIT),
    (ASSISTING, _WITH_UNIT),
)
_MAY_ADD: dict[PhotoKind, _Hands] = {
    PhotoKind.SCENE: _SCENE,
    PhotoKind.BEFORE: _SCENE,
    PhotoKind.AFTER: ((REPORTER, _BEFORE_FILING), (LEAD, _WITH_UNIT), (ASSISTING, _WITH_UNIT)),
    PhotoKind.CHECK: ((CHECKER, _ON_THE_SPOT),),
}


def add(*, number: str, by: Actor, now: datetime, kind: PhotoKind | str, photo: Examined) -> Photo:
    """Add a photo to the case `number`. The same picture sent twice is kept once.

    Raises Incident.DoesNotExist for outsiders, Refused (403: not in your hands now; 409: too many).
    """
    kind = PhotoKind(kind)
    with files_kept_or_removed(), transaction.atomic():
        incident = (
            visible_to(by).select_for_update(of=("self",)).select_related("item").get(number=number)
        )
        _demand_hand(Case(incident, by, now), kind)
        twin = incident.photos.filter(
            sha256=photo.sha256, kind=kind, round=incident.dispatch_round
        ).first()
        if twin is not None:
            return twin
        if incident.photos.count() >= MOST_PHOTOS:
            raise Refused(
                "too_many_photos", _("The case has a hundred photos; that is enough."), 409
            )
        kept = attach(incident, photo, kind=kind, by=by, now=now)
        append(
            "incident.photo_added",
            subject=subject_of(incident),
            area_code=incident.area_code,
            by=by,
            now=now,
            data={"photo": kept.pk, "photo_kind": kind.value, "round": kept.round},
        )
    return kept


def _demand_hand(case: Case, kind: PhotoKind) -> None:
    may_write = case.by.kind is not ActorKind.CLIENT or WRITE in case.by.scopes
    hands = [hand for hand, states in _MAY_ADD[kind] if case.state in states]
    if not may_write or not any(case.post_for(hand) for hand in hands):
        raise Refused(
            "photo_not_yours", _("You cannot add this kind of photo to the case now."), 403
        )


def attach(
    incident: Incident, photo: Examined, *, kind: PhotoKind, by: Actor, now: datetime
) -> Photo:
    """Store the files and the row, in the caller's transaction and within `files_kept_or_removed`."""
    name = uuid.uuid4().hex
    row = Photo(
        incident=incident,
        kind=kind,
        width=photo.width,
        height=photo.height,
        sha256=photo.sha256,
        taken_at=photo.taken_at,
        lon=photo.position[0] if photo.position else None,
        lat=photo.position[1] if photo.position else None,
        round=incident.dispatch_round,
        uploaded_by_id=by.user_id,
        uploaded_at=now,
    )
    row.file.save(f"{name}.jpg", ContentFile(photo.jpeg), save=False)
    written(row.file.name)
    row.thumbnail.save(f"{name}_small.jpg", ContentFile(photo.thumbnail), save=False)
    written(row.thumbnail.name)
    row.save()
    return row


# --- no file without a row ------------------------------------------------------------------------

_files: ContextVar[list[str] | None] = ContextVar("photo_files", default=None)


def written(name: str | None) -> None:
    """Remember a file that was just written, so that it goes if what is around it fails."""
    files = _files.get()
    if files is not None and name:
        files.append(name)


@contextmanager
def files_kept_or_removed() -> Iterator[None]:
    """Remove the files written inside if what is inside fails. Nested uses belong to the outermost.

    What a killed process, or a caller's own failed transaction, leaves behind goes with `remove_orphans`.
    """
    if _files.get() is not None:
        yield
        return
    files: list[str] = []
    token = _files.set(files)
    try:
        yield
    except BaseException:
        for name in files:
            default_storage.delete(name)
        raise
    finally:
        _files.reset(token)


def remove_orphans(day: date) -> int:
    """Remove the files of an upload day that no photo owns; how many. For days that are over."""
    folder = f"photos/{day:%Y/%m/%d}"
    try:
        _folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return 0
    paths = {f"{folder}/{name}" for name in names}
    owned = Photo.objects.filter(file__in=paths).values_list("file", "thumbnail")
    orphans = paths - {path for pair in owned for path in pair}
    for path in orphans:
        default_storage.delete(path)
    return len(orphans)


# --- shown ------------------------------------------------------------------------------------------


def photo_response(actor: Actor, photo_id: int, size: str = "full") -> FileResponse:
    """The picture, for who may see its case; `size` is `full` or `thumb`. Raises Photo.DoesNotExist (404).

    Kept by the reader's own browser only, never guessed to be anything but a picture, and never a page.
    """
    photo = Photo.objects.get(pk=photo_id, incident__in=visible_to(actor).values("pk"))
    stored = photo.thumbnail if size == "thumb" else photo.file
    try:
        response = FileResponse(stored.open("rb"), content_type="image/jpeg")
    except FileNotFoundError:
        raise Photo.DoesNotExist from None
    response["Cache-Control"] = "private, max-age=86400, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Disposition"] = "inline"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
