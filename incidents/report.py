"""A report comes in, from anywhere: located, numbered, its first clock started, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor, ActorKind, HeldPost
from accounts.personal import keyed_hash
from accounts.roles import May
from config.refusal import Refused
from incidents import deadlines
from incidents.choices import ON_DUTY_SOURCES, PhotoKind, Placed, Source, Stage, Urgency
from incidents.item_search import entry_of, suggest
from incidents.limits import urgency_for
from incidents.models import Incident
from incidents.partners import demand_own_area
from incidents.photos import Examined, attach, files_kept_or_removed
from incidents.placing import Position, leave_unplaced, place_at, place_in_grid
from incidents.querysets import WRITE, visible_to
from journal.append import append
from steps.harmless import harmless
from steps.numbering import dated

__all__ = ["Position", "Reported", "report"]

Sentence = str | Promise
LONGEST = {"text": 10_000, "title": 120, "address": 200, "external_id": 80}


@dataclass(frozen=True)
class Reported:
    """A report as it was taken. `created` is False where it had come before (same `external_id`). `notes` are
    sentences about what could not be used and what was kept. `suggested` are codes of items that the words
    speak for, best first, where none was given.
    """

    incident: Incident
    created: bool
    notes: tuple[Sentence, ...] = ()
    suggested: tuple[str, ...] = ()


def report(
    *,
    by: Actor,
    now: datetime,
    source: Source | str,
    text: str,
    title: str = "",
    address: str = "",
    item_code: str = "",
    position: Position | None = None,
    grid_code: str = "",
    area_code: str = "",
    urgency: Urgency | str = Urgency.NORMAL,
    confidential: bool = False,
    reporter_name: str = "",
    reporter_phone: str = "",
    external_id: str = "",
    main_case: str = "",
    photos: Sequence[Examined] = (),
    photo_kind: PhotoKind = PhotoKind.SCENE,
    sent: bool = False,
) -> Reported:
    """Take a report. It is never refused for its position, an unknown item or grid: notes say what was kept.

    `position` is where it is; without one the first photo's is taken, then `grid_code`, then it waits at the
    centre of `area_code` (the actor's own where none is given) for a person to place it. `external_id` is the
    sender's own number: what comes twice is taken once. `sent`: a step of a room above sent this person to look
    there and has authorised them; the permission to report is not asked for. Raises PermissionDenied, and
    Refused (422) for a text that is missing or too long, a source that the actor cannot report from, or a place
    outside of the area of the partner system that reports.
    """
    post = _allowed(by, Source(source), sent)
    draft = Incident(
        source=Source(source),
        title=_clean(title, "title"),
        text=_clean(text, "text"),
        address=_clean(address, "address"),
        urgency=Urgency(urgency),
        confidential=confidential,
        reporter_id=_reporter_id(by, Source(source)),
        client_id=by.id if by.kind is ActorKind.CLIENT else None,
        external_id=_clean(external_id, "external_id"),
        reporter_name=_clean(reporter_name, "title"),
        reporter_phone=_clean(reporter_phone, "title"),
        reporter_phone_hash=keyed_hash(reporter_phone),
        reported_at=now,
        updated_at=now,
    )
    known = _sent_before(draft, by)
    if known is not None:
        return known
    notes = [
        *_use_item(draft, item_code),
        *_use_place(
            draft, position or _from_photos(photos), grid_code, area_code or _home(post, by)
        ),
        *_use_main_case(draft, main_case, by),
    ]
    demand_own_area(draft, by, field=_place_said(position, grid_code))
    suggested = () if draft.item_id else tuple(s.entry.code for s in suggest(draft.text))
    if not draft.text:
        raise Refused("no_text", _("Say in a few words what is wrong."), 422, field="text")
    facts = {"photos": len(photos), "item": item_code if draft.item_id else ""}
    if suggested:
        facts["suggested"] = list(suggested)
    taken = _Intake(draft, by, now, post, photos, photo_kind, facts)
    return _write(taken) or Reported(draft, True, tuple(notes), suggested)


# --- who, and from where -----------------------------------------------------------------------


# What the city's own eyes saw cannot be claimed by anybody else: it is filed without a check.
_OWN_EYES = frozenset({Source.GRID, Source.VIDEO, Source.DEPARTMENT, Source.SUPERIOR})
_PARTNER_SOURCES = frozenset(
    {Source.PARTNER, Source.HOTLINE, Source.CITIZEN, Source.BOARD, Source.VIDEO}
)


def _allowed(by: Actor, source: Source, sent: bool) -> HeldPost | None:
    """The post under which the actor reports. Raises PermissionDenied, Refused `foreign_source`."""
    if by.is_system:
        return None
    if by.kind is ActorKind.CLIENT:
        if WRITE not in by.scopes:
            raise PermissionDenied(WRITE)
        if source not in _PARTNER_SOURCES:
            raise _foreign_source()
        return by.may(May.REPORT)
    posts = by.posts_with(May.REPORT) or (by.posts if sent else ())
    if not posts:
        raise PermissionDenied(str(May.REPORT))
    on_duty = by.posts_with(May.SEE_CASES)
    if source is not Source.CITIZEN and not on_duty:
        raise _foreign_source()
    if source is Source.GRID and not by.posts_with(May.CHECK):
        raise _foreign_source()
    return posts[0]


def _foreign_source() -> Refused:
    return Refused(
        "foreign_source", _("You cannot report in the name of this source."), 422, field="source"
    )


def _reporter_id(by: Actor, source: Source) -> int | None:
    """The person as reporter: staff for what they saw, a citizen for anything. A clerk who takes a call is not."""
    if by.posts_with(May.ACCEPT) and source not in ON_DUTY_SOURCES:
        return None
    return by.user_id if source in ON_DUTY_SOURCES | {Source.CITIZEN} else None


def _home(post: HeldPost | None, by: Actor) -> str:
    """The area to wait in where nothing else is known: that of the post under which it is reported."""
    if post is not None:
        return post.area_code
    return next((p.area_code for p in by.posts if p.area_code), "")


# --- what ------------------------------------------------------------------------------------------


def _clean(value: str, name: str) -> str:
    """The text as it is kept. Raises Refused `too_long`."""
    cleaned = harmless(value)
    if len(cleaned) > LONGEST[name]:
        raise Refused(
            "too_long",
            _("This is too long: %(length)s characters, at most %(most)s.")
            % {"length": len(cleaned), "most": LONGEST[name]},
            422,
            field=name,
        )
    return cleaned


def _use_item(draft: Incident, code: str) -> list[Sentence]:
    if not code:
        return []
    entry = entry_of(code)
    if entry is None:
        return [
            _("The catalogue has no item “%(code)s”. The report was kept without an item.")
            % {"code": code[:20]}
        ]
    draft.item_id, draft.risk = entry.key, entry.risk
    draft.urgency = urgency_for(entry.risk, draft.urgency)
    draft.text = draft.text or entry.name
    return []


def _use_place(
    draft: Incident, position: Position | None, grid_code: str, home: str
) -> list[Sentence]:
    note = place_at(draft, position) if position else None
    if draft.grid_code:
        return []
    notes: list[Sentence] = [note] if note else []
    wanted = grid_code or (home if len(home) == 15 and not position else "")
    if wanted:
        try:
            place_in_grid(draft, wanted)
        except Refused as refused:
            notes.append(refused.sentence)
    if not draft.grid_code:
        leave_unplaced(draft, home)
    return notes


def _place_said(position: Position | None, grid_code: str) -> str:
    """Which input said where it is, as the API calls them."""
    if position is not None:
        return "lon"
    return "grid" if grid_code else "area"


def _from_photos(photos: Sequence[Examined]) -> Position | None:
    """Where the first photo that knows was taken."""
    found = next((photo.position for photo in photos if photo.position), None)
    return Position(*found, how=Placed.PHOTO) if found else None


def _use_main_case(draft: Incident, number: str, by: Actor) -> list[Sentence]:
    if not number:
        return []
    main = visible_to(by).filter(number=number).first()
    if main is None:
        return [
            _("There is no case “%(number)s” to link to. The report was kept on its own.")
            % {"number": number[:20]}
        ]
    draft.main_case_id = main.main_case_id or main.pk
    return []


# --- once, and whole -----------------------------------------------------------------------------------


def _sent_before(draft: Incident, by: Actor) -> Reported | None:
    """The case that this very report became before."""
    if not draft.external_id:
        return None
    same = Incident.objects.filter(external_id=draft.external_id, client_id=draft.client_id)
    if draft.client_id is None:
        same = same.filter(source=draft.source)
    found = same.first()
    if found is None:
        return None
    if not visible_to(by).filter(pk=found.pk).exists():
        raise Refused(
            "external_id_taken",
            _("Another report has this number of the sender already."),
            409,
            field="external_id",
        )
    return Reported(found, created=False)


@dataclass(frozen=True)
class _Intake:
    """A draft with all that is written together with it; `facts` go into the journal beside the case's own."""

    draft: Incident
    by: Actor
    now: datetime
    post: HeldPost | None
    photos: Sequence[Examined]
    photo_kind: PhotoKind
    facts: dict[str, Any]


def _write(taken: _Intake) -> Reported | None:
    """Case, photos, clock and event, or nothing; what the report became where it had just come by another way.

    A number that is in use (the sequence begins again after a million) is drawn anew.
    """
    for attempt in (1, 2, 3):
        try:
            with files_kept_or_removed(), transaction.atomic():
                _insert(taken)
            return None
        except IntegrityError as error:
            broken = _broken_constraint(error)
            if broken in _ONCE:
                return _sent_before(taken.draft, taken.by)
            if broken != _NUMBER or attempt == 3:
                raise
    raise AssertionError("the last attempt returns or raises")


_NUMBER = "incidents_incident_number_key"
_ONCE = frozenset({"incident_partner_sends_once", "incident_replayed_once"})


def _broken_constraint(error: IntegrityError) -> str:
    return str(getattr(getattr(error.__cause__, "diag", None), "constraint_name", ""))


def _insert(taken: _Intake) -> None:
    """The clock goes first: the case copies its deadline, and both are written once."""
    draft, now = taken.draft, taken.now
    draft.pk, draft.number = _next_numbers(now)
    clock = deadlines.start(draft, Stage.FILING, now, round=1)
    deadlines.show(draft, [clock])
    draft.save(force_insert=True)
    for photo in taken.photos:
        attach(draft, photo, kind=taken.photo_kind, by=taken.by, now=now)
    append(
        "incident.reported",
        subject=deadlines.subject_of(draft),
        area_code=draft.area_code,
        by=taken.by,
        now=now,
        data=_said(draft) | taken.facts,
        post=taken.post,
    )


def _next_numbers(now: datetime) -> tuple[int, str]:
    """A key, and the number that people say: local day (YYYYMMDD) and six digits. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('incidents_incident_id_seq'), nextval('incident_number')")
        key, running = cursor.fetchone()
    return key, dated("", running, now, digits=6)


def _said(draft: Incident) -> dict[str, Any]:
    """What the journal keeps of a report: codes and ids."""
    return {
        "number": draft.number,
        "to": str(draft.state),
        "version": draft.version,
        "source": str(draft.source),
        "grid": draft.grid_code,
        "placed": str(draft.placed),
        "urgency": str(draft.urgency),
        "centre": draft.centre_id,
    }
