"""Labelled texts from CSV: `label,text` or `label,title,text`, in any order, with other columns beside them.

A column `tokens` (or a text whose words stand apart) is text that was split into words already.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from config.refusal import Refused
from hotline.suggesting.text_model import Labelled
from hotline.suggesting.words import is_word, normal

_LARGEST_CELL = 1_000_000
_SPLIT_SHARE = 0.2  # of the characters are blanks: somebody split the words


def read_labelled(path: Path) -> list[Labelled]:
    """Every row with a label and a text. Raises Refused `unreadable_texts` for a file that is none of this."""
    csv.field_size_limit(_LARGEST_CELL)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(_rows(csv.DictReader(file)))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _unreadable(path, str(error)) from error
    if not rows:
        raise _unreadable(path, str(_("no row has a label and a text")))
    return rows


def _rows(sheet: "csv.DictReader[str]") -> Iterator[Labelled]:
    names = set(sheet.fieldnames or ())
    column = next((name for name in ("text", "tokens") if name in names), "")
    for row in sheet:
        label, text = (row.get("label") or "").strip(), (row.get(column) or "").strip()
        if label and text:
            yield labelled(label, text, (row.get("title") or "").strip())


def labelled(label: str, text: str, title: str = "") -> Labelled:
    """A text as people wrote it; or one that was split, whose words are then kept beside it."""
    if text.count(" ") < _SPLIT_SHARE * len(text):
        return Labelled(label, text, title)
    words = tuple(word for word in normal(text).replace("# ", "#").split() if is_word(word))
    return Labelled(label, text.replace(" ", ""), title.replace(" ", ""), words)


def _unreadable(path: Path, why: str) -> Refused:
    return Refused(
        "unreadable_texts",
        _("%(file)s cannot be read as labelled texts (label,text or label,title,text): %(why)s")
        % {"file": path.name, "why": why},
        422,
    )
