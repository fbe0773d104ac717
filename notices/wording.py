"""How notices are told: one translatable sentence per kind, registered by the room that tells (in its `event_words`).

    register("case.overdue", _("Case %(number)s is overdue since %(due)s"), icon="alarm", tone="red")

Facts are stored with the notice; the sentence is made when it is read, in the reader's language. Ids are
shown by the names that rooms register in `journal/wording.py`. `many` says many of the kind in one line; `danger=True`
is for what breaks quiet hours. Other kinds in red are urgent, the rest ordinary.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from journal.wording import Words, filled, label_of_sentence, names_for
from notices.choices import Seriousness
from notices.models import Notice


@dataclass(frozen=True)
class Wording:
    """How one kind is told. `many`, where given, holds `%(count)s`."""

    sentence: Words
    icon: str = "bell"
    tone: str = ""
    many: Words = ""
    danger: bool = False

    @property
    def seriousness(self) -> Seriousness:
        if self.danger:
            return Seriousness.DANGER
        return Seriousness.URGENT if self.tone == "red" else Seriousness.ORDINARY


_kinds: dict[str, Wording] = {}


@dataclass(frozen=True)
class Line:
    """One notice as it is shown."""

    notice: Notice
    text: str
    icon: str
    tone: str

    count: int = 1

    @property
    def unread(self) -> bool:
        return self.notice.read_at is None

    def of_many(self, count: int) -> "Line":
        """This line for `count` notices of its kind."""
        return replace(self, text=combined(self.notice.kind, count), count=count)


def register(
    kind: str,
    sentence: Words,
    *,
    icon: str = "bell",
    tone: str = "",
    many: Words = "",
    danger: bool = False,
) -> None:
    """Say how notices of `kind` are told; `tone` is "", brand, amber, red or green."""
    _kinds[kind] = Wording(sentence, icon, tone, many, danger)


def wording_of(kind: str) -> Wording:
    """The kind's wording; for one that nobody registered, the kind itself."""
    return _kinds.get(kind) or Wording(kind)


def label_of(kind: str) -> str:
    """The kind's sentence without its facts, for who administers and may not read them."""
    return label_of_sentence(wording_of(kind).sentence)


def combined(kind: str, count: int) -> str:
    """Many notices of one kind in one sentence, in the active language."""
    many = wording_of(kind).many
    if many:
        return str(many) % {"count": count}
    return _("%(count)s messages: %(kind)s") % {"count": count, "kind": label_of(kind)}


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
