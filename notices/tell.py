"""Telling people: a row in a person's bell, and one for each other channel that they chose."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from accounts.actor import ActorKind
from journal.chain import stored_facts
from journal.models import Event
from notices.choices import Channel, Delivery, Seriousness
from notices.delivery.gathering import first_try
from notices.models import Notice
from notices.reaching import Reach, reaches
from notices.wording import wording_of


def tell(
    event: Event,
    recipients: Iterable[int],
    *,
    kind: str,
    facts: Mapping[str, Any],
    link: str,
    now: datetime,
) -> int:
    """Put `event` into the bells of `recipients` (user ids), in the caller's transaction, and line it up for the
    other channels that each of them chose for this kind.

    `kind` names a sentence registered in `notices/wording.py`; `facts` fill it when it is read, in the
    reader's language; never personal data. `link` is a path of this installation. Who was told of this
    event already keeps that notice: telling twice adds nothing. Returns how many are asked to be told.
    """
    people = list(dict.fromkeys(recipients))
    common = {
        "event": event,
        "kind": kind,
        "facts": stored_facts(facts),
        "link": link,
        "created_at": now,
    }
    bells = [Notice(recipient_id=one, sent_at=now, **common) for one in people]
    seriousness = wording_of(kind).seriousness
    outward = _outward(reaches(people, seriousness), seriousness, common, now)
    Notice.objects.bulk_create([*bells, *outward], ignore_conflicts=True, batch_size=1000)
    return len(people)


def tell_each(
    event: Event,
    groups: Iterable[tuple[str, Iterable[int]]],
    *,
    facts: Mapping[str, Any],
    link: str,
    now: datetime,
) -> None:
    """Tell groups of people, each in a sentence (`kind`) of its own. Whom two groups name hears the first; nobody is
    told of their own doing."""
    heard = {event.actor_id} if event.actor_kind == ActorKind.USER else set()
    for kind, people in groups:
        waiting = sorted(set(people) - heard)
        heard.update(waiting)
        if waiting:
            tell(event, waiting, kind=kind, facts=facts, link=link, now=now)


def _outward(
    reached: Iterable[Reach], seriousness: Seriousness, common: dict[str, Any], now: datetime
) -> Iterator[Notice]:
    for reach in reached:
        for channel in reach.channels:
            yield Notice(
                recipient_id=reach.person,
                channel=Channel(channel),
                state=Delivery.WAITING,
                next_try_at=first_try(reach, seriousness, now),
                **common,
            )
