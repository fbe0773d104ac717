"""Proving the log: nothing was changed, removed or inserted; and where something was, which row."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext as _

from journal.chain import event_hash
from journal.models import Event, Seal
from journal.queries import after
from journal.seal import digest_of, mark_of, rows_of, seal_hash, sealed_rows


@dataclass(frozen=True)
class Finding:
    """Something that is not as it was written. `event_id` is the row in `journal_event`, where one is to blame."""

    sentence: str
    event_id: int | None = None


@dataclass
class Proof:
    """What was looked at."""

    events: int = 0
    seals: int = 0
    unsealed: int = 0
    last_seal: str = ""


def verify(
    proof: Proof, progress: Callable[[int], object] = lambda _events: None
) -> Iterator[Finding]:
    """Read the whole log and every seal, as of one moment, and yield what is wrong; fill `proof` on the way.

    `progress` is told how many events were looked at since it was told last. Two passes: every subject's
    chain, then every sealed stretch. Must not be called inside a transaction.
    """
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield from _chains(proof, progress)
        yield from _seals(proof)


def _chains(proof: Proof, progress: Callable[[int], object]) -> Iterator[Finding]:
    previous: Event | None = None
    events = Event.objects.order_by("subject_kind", "subject_id", "seq")
    for event in events.iterator(chunk_size=5000):
        proof.events += 1
        if proof.events % 1000 == 0:
            progress(1000)
        if event_hash(event) != event.hash:
            yield Finding(
                _("%s was changed: its content does not match its hash.") % _name(event), event.pk
            )
        follows = previous is not None and _subject(previous) == _subject(event)
        yield from _link(previous if follows else None, event)
        previous = event
    progress(proof.events % 1000)


def _link(previous: Event | None, event: Event) -> Iterator[Finding]:
    """Whether the event follows the one before it in its chain; None: it must be the first."""
    seq, head = (previous.seq, previous.hash) if previous else (0, "")
    if event.seq != seq + 1:
        yield Finding(
            _("Before %(event)s, events %(first)s to %(last)s of its subject were removed.")
            % {"event": _name(event), "first": seq + 1, "last": event.seq - 1},
            event.pk,
        )
    elif event.previous_hash != head:
        yield Finding(
            _("%s does not follow from the event before it: one of the two was replaced.")
            % _name(event),
            event.pk,
        )


def _subject(event: Event) -> tuple[str, str]:
    return event.subject_kind, event.subject_id


def _name(event: Event) -> str:
    return f"{event.pk} ({event})"


def _seals(proof: Proof) -> Iterator[Finding]:
    last: Seal | None = None
    for seal in Seal.objects.order_by("id").iterator(chunk_size=10):
        proof.seals += 1
        yield from _seal_itself(last, seal)
        yield from _sealed_stretch(seal)
        last = seal
    place = (last.to_xid, last.to_event_id) if last else (0, 0)
    proof.unsealed = Event.objects.filter(after(place)).count()
    proof.last_seal = f"{last} {last.hash}" if last else ""


def _seal_itself(last: Seal | None, seal: Seal) -> Iterator[Finding]:
    if seal_hash(seal) != seal.hash:
        yield Finding(_("The seal of %s is forged: its hash does not match.") % seal)
    start = (last.to_xid, last.to_event_id, last.hash) if last else (0, 0, "")
    if (seal.from_xid, seal.from_event_id, seal.previous_hash) != start:
        yield Finding(
            _("The seal of %s does not follow the one before it: a seal was removed.") % seal
        )


def _sealed_stretch(seal: Seal) -> Iterator[Finding]:
    rows = list(rows_of(seal))
    if len(rows) == seal.events and digest_of(rows) == seal.digest:
        return
    try:
        sealed = sealed_rows(seal)
    except ValueError:
        sealed = {}
    named = False
    present = {row[1]: mark_of(row[2]) for row in rows}
    for event_id in sorted(sealed.keys() | present.keys()):
        sentence = _difference(seal, event_id, sealed.get(event_id), present.get(event_id))
        if sentence:
            named = True
            yield Finding(sentence, event_id)
    if not named:
        yield Finding(_("The events under the seal of %s are not those that were sealed.") % seal)


def _difference(seal: Seal, event_id: int, sealed: str | None, present: str | None) -> str:
    if sealed == present:
        return ""
    names = {"event": event_id, "seal": str(seal)}
    if present is None:
        return _("Event %(event)s, sealed in %(seal)s, was removed.") % names
    if sealed is None:
        return _("Event %(event)s was inserted after %(seal)s was sealed.") % names
    return _("Event %(event)s is not the one that was sealed in %(seal)s: it was replaced.") % names
