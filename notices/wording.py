"""How notices are told: one translatable sentence per kind, registered by the room that tells (in its `event_words`).

    register("case.overdue", _("Case %(number)s is overdue since %(due)s"), icon="alarm", tone="red")

Facts are stored with the notice; the sentence is made when it is read, in the reader's language. Ids are
shown by the names that rooms register in `journal/wording.py`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from journal.wording import Wording, Words, filled, names_for
from notices.models import Notice

_kinds: dict[str, Wording] = {}


@dataclass(frozen=True)
class Line:
    """One notice as it is shown."""

    notice: Notice
    text: str
    icon: str
    tone: str

    @property
    def unread(self) -> bool:
        return self.notice.read_at is None


def register(kind: str, sentence: Words, *, icon: str = "bell", tone: str = "") -> None:
    """Say how notices of `kind` are told; `tone` is "", brand, amber, red or green."""
    _kinds[kind] = Wording(sentence, icon, tone)


def wording_of(kind: str) -> Wording:
    """The kind's wording; for one that nobody registered, the kind itself."""
    return _kinds.get(kind) or Wording(kind, "bell")


def lines(notices: Iterable[Notice]) -> list[Line]:
    """The notices as they are shown, in the active language; one query per kind of name at most."""
    notices = list(notices)
    names = names_for([notice.facts for notice in notices])
    return [
        _line(notice, filled(wording_of(notice.kind).sentence, notice.facts, names))
        for notice in notices
    ]


def _line(notice: Notice, text: str) -> Line:
    wording = wording_of(notice.kind)
    return Line(notice, text, wording.icon, wording.tone)
