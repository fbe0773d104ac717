"""Finding an item: by a piece of its name, its code, pinyin or initials; from words somebody wrote; from recent ones.

Each process keeps the items of the edition in force in memory, and notices by one small query that the edition, or
what is switched on in it, has changed.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from math import log

from accounts.actor import Actor
from incidents.catalogue_words import spoken
from incidents.models import CatalogueItem, CatalogueStatus, CatalogueVersion, Incident


@dataclass(frozen=True)
class Entry:
    """An item as the search keeps it. `key` is its primary key; `risk` is "" where it has none."""

    key: int
    code: str
    name: str
    name_en: str
    sub_name: str
    sub_name_en: str
    class_name: str
    class_name_en: str
    initials: str
    pinyin: str
    risk: str
    self_handle: bool
    enabled: bool

    @property
    def shown_name(self) -> str:
        return spoken(self.name, self.name_en)

    @property
    def shown_sub(self) -> str:
        return spoken(self.sub_name, self.sub_name_en)

    @property
    def shown_class(self) -> str:
        return spoken(self.class_name, self.class_name_en)

    # Ready for comparing: small letters; English words each after a blank.
    low_name: str = field(init=False)
    low_english: str = field(init=False)
    low_branch: str = field(init=False)

    def __post_init__(self) -> None:
        branch = f"{self.sub_name} {self.sub_name_en} {self.class_name} {self.class_name_en}"
        for name, words in (
            ("low_name", self.name),
            ("low_english", f" {self.name_en}"),
            ("low_branch", branch),
        ):
            object.__setattr__(self, name, words.lower())


@dataclass(frozen=True)
class Suggestion:
    """An item that words speak for: `because` are the pieces of the words that its name shares, longest first."""

    entry: Entry
    score: float
    because: tuple[str, ...]


@dataclass(frozen=True)
class _Index:
    """The items of one state of one edition; `by_code` and `holders` know the enabled ones only."""

    entries: tuple[Entry, ...]
    by_code: Mapping[str, Entry]
    holders: Mapping[
        str, tuple[int, ...]
    ]  # a piece of two letters → places of the entries that have it
    weight: Mapping[str, float] = field(default_factory=dict)


def search(
    text: str,
    limit: int = 20,
    version: CatalogueVersion | None = None,
    *,
    disabled_too: bool = False,
) -> list[Entry]:
    """Enabled items that match every word of `text`, best first; none for an empty text.

    Best is the code or name itself, then its beginning, then initials and pinyin, then a piece of the
    name, of the subclass, of the class. Where nothing matches and letters were typed, initials that are
    nearly the same (a slip of the fingers) are taken.
    """
    words = _normal(text).split()
    if not words:
        return []
    index = _index_of(version)
    entries = [entry for entry in index.entries if entry.enabled or disabled_too]
    found = [
        (sum(scores), len(entry.name), entry)
        for entry in entries
        if all(scores := [_score(word, entry) for word in words])
    ]
    if not found:
        found = _nearly("".join(words), entries)
    found.sort(key=lambda row: (-row[0], row[1], row[2].code))
    return [entry for _points, _length, entry in found[:limit]]


def _score(word: str, entry: Entry) -> int:
    """How well one word matches; 0 where it does not."""
    name = entry.low_name
    if word in (name, entry.code.lower(), entry.low_english[1:]):
        return 100
    if name.startswith(word):
        return 90
    if word.isascii():
        return _ascii_score(word, entry)
    if word in name:
        return 80
    if word in entry.sub_name:
        return 40
    return 30 if word in entry.class_name else 0


def _ascii_score(word: str, entry: Entry) -> int:
    initials, pinyin, english = entry.initials, entry.pinyin, entry.low_english
    if word == initials:
        return 88
    if initials.startswith(word):
        return 84
    if entry.code.lower().startswith(word):
        return 82
    if pinyin.startswith(word):
        return 80 if word == pinyin else 76
    if english.startswith(word, 1):
        return 74
    return _piece_score(word, entry) if len(word) > 1 else 0


def _piece_score(word: str, entry: Entry) -> int:
    """A piece of two letters or more from the middle of something."""
    if word in entry.initials:
        return 60
    if f" {word}" in entry.low_english:
        return 58
    if len(word) == 2:
        return 45 if word in entry.low_name else 0
    if word in entry.pinyin:
        return 50
    if word in entry.low_english or word in entry.low_name:
        return 48
    return 15 if word in entry.low_branch else 0


def _nearly(word: str, entries: Iterable[Entry]) -> list[tuple[int, int, Entry]]:
    if not word.isascii() or len(word) < 3:
        return []
    alike = SequenceMatcher(autojunk=False)
    alike.set_seq2(word)
    found = []
    for entry in entries:
        if entry.initials[:1] != word[:1] or abs(len(entry.initials) - len(word)) > 1:
            continue
        alike.set_seq1(entry.initials)
        if alike.ratio() >= 0.7:
            found.append((int(alike.ratio() * 40), len(entry.name), entry))
    return found


def suggest(text: str, limit: int = 3, version: CatalogueVersion | None = None) -> list[Suggestion]:
    """Items whose names share pieces of two letters or more with what somebody wrote; rare pieces weigh more.

    A hint with its reason, never a decision. Nothing where too little is shared.
    """
    index = _index_of(version)
    words = _normal(text)
    shared: dict[int, list[str]] = defaultdict(list)
    for piece in dict.fromkeys(_pieces(words)):
        for place in index.holders.get(piece, ()):
            shared[place].append(piece)
    found = [
        Suggestion(
            index.entries[place],
            round(_likeness(pieces, index.entries[place], index.weight), 3),
            _runs(pieces, words),
        )
        for place, pieces in shared.items()
    ]
    found = [suggestion for suggestion in found if suggestion.score >= _ENOUGH]
    found.sort(key=lambda s: (-s.score, s.entry.code))
    return found[:limit]


# Below this, names share one everyday word ("居民", "问题") with almost any text.
_ENOUGH = 0.3


def _likeness(pieces: Sequence[str], entry: Entry, weight: Mapping[str, float]) -> float:
    """0 to 1: the weight of the shared pieces of the name over the weight of all of them; the subclass's half."""
    own = set(_pieces(_normal(f"{entry.name} {entry.name_en}")))
    total = sum(weight[p] for p in own if not p.isascii()) or 1.0
    points = sum(weight[p] if p in own else weight[p] / 2 for p in pieces)
    return min(points / total, 1.0)


def _pieces(words: str) -> list[str]:
    """Pairs of neighbouring Chinese characters, and English words of four letters or more."""
    chinese = [
        run[n : n + 2] for run in re.findall(r"[一-鿿]+", words) for n in range(len(run) - 1)
    ]
    return chinese + re.findall(r"[a-z]{4,}", words)


def _runs(pieces: Sequence[str], words: str) -> tuple[str, ...]:
    """Neighbouring pieces put together again as they stand in the words."""
    marks = [False] * len(words)
    for piece in pieces:
        for match in re.finditer(f"(?={re.escape(piece)})", words):
            marks[match.start() : match.start() + len(piece)] = [True] * len(piece)
    kept = "".join(letter if mark else "\n" for letter, mark in zip(words, marks, strict=True))
    runs = sorted(dict.fromkeys(kept.split()), key=len, reverse=True)
    return tuple(run for n, run in enumerate(runs) if not any(run in longer for longer in runs[:n]))


def entry_of(code: str, version: CatalogueVersion | None = None) -> Entry | None:
    """The enabled item with this code, or None."""
    return _index_of(version).by_code.get(code)


def recent(actor: Actor, limit: int = 8) -> list[Entry]:
    """The items that this person reported last, newest first, as far as the edition in force still has them."""
    if actor.user_id is None:
        return []
    codes = (
        Incident.objects.filter(reporter_id=actor.user_id, item__isnull=False)
        .order_by("-reported_at", "-id")
        .values_list("item__code", flat=True)[:60]
    )
    by_code = _index_of(None).by_code
    return [by_code[code] for code in dict.fromkeys(codes) if code in by_code][:limit]


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text[:2000]).lower().strip()


def _index_of(version: CatalogueVersion | None) -> _Index:
    """The index of an edition (of the one in force without `version`). One small query."""
    wanted = {"pk": version.pk} if version else {"status": CatalogueStatus.ACTIVE}
    state = CatalogueVersion.objects.filter(**wanted).values_list("pk", "version").first()
    return _built(*state) if state else _Index((), {}, {})


@lru_cache(maxsize=8)
def _built(version_id: int, counter: int) -> _Index:
    """`counter` is the edition's own number, which grows with every change to it."""
    items = CatalogueItem.objects.filter(version_id=version_id).order_by("code")
    entries = tuple(_entry(item) for item in items)
    holders: dict[str, list[int]] = defaultdict(list)
    for place, entry in enumerate(entries):
        if not entry.enabled:
            continue
        words = f"{entry.name} {entry.sub_name} {entry.name_en}"
        for piece in set(_pieces(_normal(words))):
            holders[piece].append(place)
    seen = Counter({piece: len(places) for piece, places in holders.items()})
    return _Index(
        entries,
        {entry.code: entry for entry in entries if entry.enabled},
        {piece: tuple(places) for piece, places in holders.items()},
        {piece: log(1 + len(entries) / times) for piece, times in seen.items()},
    )


def _entry(item: CatalogueItem) -> Entry:
    return Entry(
        key=item.pk,
        code=item.code,
        name=item.name,
        name_en=item.name_en,
        sub_name=item.sub_name,
        sub_name_en=item.sub_name_en,
        class_name=item.class_name,
        class_name_en=item.class_name_en,
        initials=item.initials,
        pinyin=item.pinyin,
        risk=str(item.risk or ""),
        self_handle=item.self_handle,
        enabled=item.enabled,
    )
