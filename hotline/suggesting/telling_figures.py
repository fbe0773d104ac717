"""Figures as lines of plain text, for commands: the table is aligned for a terminal (Chinese is two columns wide)."""

from unicodedata import east_asian_width

from hotline.suggesting.measuring import Figures


def lines(figures: Figures) -> list[str]:
    """Accuracy, macro-F1, and a confusion table: a row for each right label, a column for each guess."""
    told = figures.as_json()
    labels: list[str] = told["labels"]
    wide = max((_width(label) for label in labels), default=0)
    columns = [max(_width(label), 4) for label in labels]
    head = " ".join(_right(label, width) for label, width in zip(labels, columns, strict=True))
    out = [
        f"texts     {figures.cases}",
        f"accuracy  {figures.accuracy:.4f}",
        f"macro-F1  {figures.macro_f1:.4f}",
        "",
        f"{_right('right ↓ guessed →', wide)} {head}",
    ]
    for label, row in zip(labels, told["table"], strict=True):
        cells = " ".join(_right(str(n), width) for n, width in zip(row, columns, strict=True))
        out.append(f"{_right(label, wide)} {cells}")
    return out


def _width(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _right(text: str, width: int) -> str:
    return " " * (width - _width(text)) + text
