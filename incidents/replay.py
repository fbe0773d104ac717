"""Real messages from a board, sent through the same action as any other report.

They have no position, so they wait for a person to place them. Each is known by its number on the board:
what was sent once is not sent again, also after a kill in the middle.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from accounts.actor import SYSTEM
from incidents.choices import Source
from incidents.models import Incident
from incidents.report import report

SHANGHAI = ZoneInfo("Asia/Shanghai")
COLUMNS = ("id", "user", "time", "title", "text", "dislikes", "likes")
_TIME_FORMS = ("%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y-%m-%d %H:%M")


class NotMessages(ValueError):
    """The file is not a table of messages; the sentence says what is missing."""


@dataclass(frozen=True)
class Message:
    """One message of the board. `at` is when it was written there (aware), None where that cannot be read."""

    id: str
    title: str
    text: str
    at: datetime | None


def messages(file: Path) -> Iterator[Message]:
    """The messages of a CSV (UTF-8) with the columns of `COLUMNS`. Raises NotMessages."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            yield from _rows(csv.DictReader(lines, restval=""), file.name)
    except UnicodeDecodeError as error:
        raise NotMessages(f"{file.name} is not written in UTF-8.") from error
    except csv.Error as error:
        raise NotMessages(f"{file.name} is no CSV: {error}.") from error


def _rows(table: "csv.DictReader[str]", name: str) -> Iterator[Message]:
    missing = [c for c in ("id", "time", "title", "text") if c not in (table.fieldnames or ())]
    if missing:
        raise NotMessages(f"{name} has no column {', '.join(missing)}.")
    for row in table:
        yield Message(
            row["id"].strip(), row["title"].strip(), row["text"].strip(), _time(row["time"])
        )


def already_sent() -> set[str]:
    """The numbers of the messages that are cases already."""
    known = Incident.objects.filter(source=Source.BOARD, client=None)
    ids = known.exclude(external_id="").values_list("external_id", flat=True)
    return {value.removeprefix("board-") for value in ids}


def send(message: Message, *, area_code: str, now: datetime) -> bool:
    """Report one message, received `now`. Whether it was new."""
    done = report(
        by=SYSTEM,
        now=now,
        source=Source.BOARD,
        title=message.title[:120],
        text=_whole(message),
        area_code=area_code,
        external_id=f"board-{message.id}",
    )
    return done.created


def _whole(message: Message) -> str:
    text = message.text or message.title
    return f"{text}\n（留言时间：{message.at:%Y-%m-%d %H:%M}）" if message.at else text


def _time(value: str) -> datetime | None:
    for form in _TIME_FORMS:
        try:
            return datetime.strptime(value.strip(), form).replace(tzinfo=SHANGHAI)
        except ValueError:
            continue
    return None
