"""What a partner system is sent: the facts of one event, never a name, a phone number or anybody's words."""

import json
from typing import Any

from journal.models import Event
from journal.wording import subjects
from notices.models import WebhookCall
from notices.webhooks.places import cursor_of

# Ids of people, and of what somebody wrote: they mean nothing outside.
_OURS_ONLY = frozenset(
    {"checker", "instead_of", "note", "people", "person", "remark", "reporter", "user"}
)


def body_of(call: WebhookCall) -> bytes:
    """The body (JSON, UTF-8). The same event gives the same body at each attempt."""
    return json.dumps(payload_of(call.event, call.round), ensure_ascii=False).encode()


def payload_of(event: Event, number: int) -> dict[str, Any]:
    """The members that docs/notices.md lists; `number` is the round, 0 unless it is a replay."""
    return {
        "event": event.id,
        "cursor": cursor_of(event),
        "verb": event.verb,
        "at": event.at.isoformat(),
        "subject": {
            "kind": event.subject_kind,
            "id": event.subject_id,
            "number": _number(event),
            "seq": event.seq,
        },
        "area_code": event.area_code,
        "by": event.actor_kind,
        "data": {name: value for name, value in event.data.items() if name not in _OURS_ONLY},
        "replay": number,
    }


def _number(event: Event) -> str:
    """How people call the subject, such as a case's number."""
    subject = subjects().get(event.subject_kind)
    if subject is None or subject.names is None:
        return event.subject_id
    return subject.names({event.subject_id}).get(event.subject_id, event.subject_id)
