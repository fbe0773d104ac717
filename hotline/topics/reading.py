"""Messages from a board's CSV: `id,user,time,title,text,dislikes,likes`, other columns beside them."""

import csv
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from clocks.calendar import SHANGHAI
from config.refusal import Refused

_LARGEST_CELL = 1_000_000
_TIMES = ("%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d")


@dataclass(frozen=True)
class Message:
    """What one person wrote. `person` stands for them without a name; `likes` are of others; `at` is aware."""

    key: str
    person: str
    at: datetime
    title: str
    text: str
    likes: int = 0


def read_messages(path: Path) -> list[Message]:
    """All rows, the earliest first. Raises Refused `unreadable_messages`."""
    csv.field_size_limit(_LARGEST_CELL)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [_message(row) for row in csv.DictReader(file)]
    except (OSError, UnicodeDecodeError, csv.Error, KeyError, ValueError) as error:
        raise Refused(
            "unreadable_messages",
            _(
                "%(file)s cannot be read as messages (id,user,time,title,text,dislikes,likes): %(why)s"
            )
            % {"file": path.name, "why": error},
            422,
        ) from error
    return sorted(rows, key=lambda message: message.at)


def _message(row: dict[str, str]) -> Message:
    return Message(
        key=row["id"],
        person=row["user"],
        at=_moment(row["time"]),
        title=row["title"].strip(),
        text=row["text"].strip(),
        likes=int(row.get("likes") or 0),
    )


def _moment(text: str) -> datetime:
    for form in _TIMES:
        try:
            return datetime.strptime(text.strip(), form).replace(tzinfo=SHANGHAI)
        except ValueError:
            continue
    raise ValueError(f"no time: {text[:30]}")
