"""Telling people: one row in a person's bell."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from journal.chain import stored_facts
from journal.models import Event
from notices.models import Channel, Notice


def tell(
    event: Event,
    recipients: Iterable[int],
    *,
    kind: str,
    facts: Mapping[str, Any],
    link: str,
    now: datetime,
) -> int:
    """Put `event` into the bells of `recipients` (user ids), in the caller's transaction.

    `kind` names a sentence registered in `notices/wording.py`; `facts` fill it when it is read, in the
    reader's language; never personal data. `link` is a path of this installation. Who was told of this
    event already keeps that notice: telling twice adds nothing. Returns how many are asked to be told.
    """
    stored = stored_facts(facts)
    notices = [
        Notice(
            event=event,
            recipient_id=recipient,
            channel=Channel.BELL,
            kind=kind,
            facts=stored,
            link=link,
            created_at=now,
        )
        for recipient in dict.fromkeys(recipients)
    ]
    Notice.objects.bulk_create(notices, ignore_conflicts=True, batch_size=1000)
    return len(notices)
