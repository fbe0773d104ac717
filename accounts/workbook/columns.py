"""The three sheets and their columns. Headings are read in both languages, whatever the reader's."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from accounts.models import OrganisationKind
from accounts.roles import ADMINISTRATORS, Role

Kind = Literal["text", "choice", "day"]


@dataclass(frozen=True)
class Column:
    """One column: what it is called, what it takes, and how that is explained in the template."""

    key: str
    heading: str | Promise
    help: str | Promise
    required: bool = False
    kind: Kind = "text"
    choices: tuple[tuple[str, str | Promise], ...] = ()
    example: str = ""
    most: int = 40  # characters


@dataclass(frozen=True)
class Sheet:
    """One sheet; `key` columns together name what a row is about."""

    key: str
    title: str | Promise
    columns: tuple[Column, ...]
    identity: tuple[str, ...]

    def column(self, key: str) -> Column:
        """The column of that key."""
        return next(column for column in self.columns if column.key == key)


_AREA_HELP = _("4, 6, 9, 12 or 15 digits. Empty: unchanged; for something new, everywhere.")

ORGANISATIONS = Sheet(
    "organisations",
    _("Organisations"),
    (
        Column("code", _("Code"), _("Names the organisation for good."), True, example="HX-CGW"),
        Column("name", _("Name"), _("In Chinese."), True, example="河西区城市管理委员会", most=120),
        Column("name_en", _("English name"), _("Shown to readers of English."), most=160),
        Column(
            "kind",
            _("Kind"),
            _("Choose from the list."),
            True,
            "choice",
            tuple(OrganisationKind.choices),
            example=OrganisationKind.DEPARTMENT,
        ),
        Column(
            "department_kind",
            _("Department kind"),
            _("What it handles, in the catalogue's words, e.g. sanitation."),
            example="urban_management",
        ),
        Column("area_code", _("Area code"), _AREA_HELP, example="120103"),
        Column(
            "administrative_parent",
            _("Administrative parent"),
            _("Code of the organisation that governs it."),
        ),
        Column(
            "professional_parent",
            _("Professional parent"),
            _("Code of the organisation that directs its trade."),
        ),
        Column("phone", _("Office phone"), _("A number that may be shown to everybody."), most=20),
    ),
    ("code",),
)
PEOPLE = Sheet(
    "people",
    _("People"),
    (
        Column(
            "username",
            _("User name"),
            _("Small letters, digits, . _ @ -; names the person for good."),
            True,
            example="zhang.san",
            most=60,
        ),
        Column(
            "name", _("Full name"), _("As on the identity card."), True, example="张三", most=60
        ),
        Column(
            "organisation",
            _("Organisation code"),
            _("Who employs the person: an organisation here or already in the system."),
            example="HX-CGW",
        ),
        Column("phone", _("Mobile phone"), _("Kept encrypted."), example="13800000000", most=20),
    ),
    ("username",),
)
POSTS = Sheet(
    "posts",
    _("Posts"),
    (
        Column(
            "username",
            _("User name"),
            _("Of a person here or already in the system."),
            True,
            example="zhang.san",
        ),
        Column(
            "role",
            _("Role"),
            _("Choose from the list. Administrators are appointed on the page, one by one."),
            True,
            "choice",
            tuple((r.value, r.label) for r in Role if r not in ADMINISTRATORS),
            example=Role.DEPARTMENT,
        ),
        Column(
            "organisation",
            _("Organisation code"),
            _("For which the person acts."),
            example="HX-CGW",
        ),
        Column(
            "area_code", _("Area code"), _("Empty: the area of the organisation."), example="120103"
        ),
        Column("valid_from", _("From"), _("First day, e.g. 2026-03-01."), True, "day"),
        Column("valid_to", _("Until"), _("Last day; empty: without an end."), False, "day"),
    ),
    ("username", "role", "organisation", "area_code"),
)
SHEETS = (ORGANISATIONS, PEOPLE, POSTS)
# What the template has beside them: words for people, and the labels behind its drop-downs.
INSTRUCTIONS = _("How to fill it in")
CHOICES = "choices"


def plain(text: str) -> str:
    """A heading or choice without blanks, star and case, for comparing."""
    return "".join(text.split()).strip("*＊").casefold()


@lru_cache
def in_every_language(words: str | Promise) -> frozenset[str]:
    """The plain forms of one word in all languages of the installation."""
    found = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            found.add(plain(str(words)))
    return frozenset(found)


def sheet_called(title: str) -> Sheet | None:
    """The sheet with this title in any language."""
    return next((s for s in SHEETS if plain(title) in in_every_language(s.title)), None)


def is_beside(title: str) -> bool:
    """Whether the template brings this sheet along, in any language, with nothing in it to be read."""
    return any(plain(title) in in_every_language(words) for words in (INSTRUCTIONS, CHOICES))


def columns_of(sheet: Sheet, headings: Iterable[str]) -> dict[int, Column]:
    """Position → column, for the headings that are known (the first of each)."""
    found: dict[int, Column] = {}
    for position, heading in enumerate(headings):
        for column in sheet.columns:
            if column in found.values():
                continue
            if plain(heading) and plain(heading) in in_every_language(column.heading):
                found[position] = column
                break
    return found


def choice_of(column: Column, text: str) -> str | None:
    """The stored value behind a label (any language) or code; None where there is none."""
    wanted = plain(text)
    for value, label in column.choices:
        if wanted in (plain(value), *in_every_language(label)):
            return value
    return None
