"""How good guesses were: accuracy, macro-F1, and which label was taken for which."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

_MOST_LABELS = (
    12  # a wider table than this cannot be read; the pairs most often mixed up are listed beside it
)
_MOST_PAIRS = 20


@dataclass(frozen=True)
class Figures:
    """`confusion[right][guessed]` counts; shares are from 0 to 1."""

    cases: int
    accuracy: float
    macro_f1: float
    confusion: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def labels(self) -> list[str]:
        """The labels that came up most, the most frequent first."""
        seen = Counter({right: sum(row.values()) for right, row in self.confusion.items()})
        for row in self.confusion.values():
            seen.update(dict.fromkeys(row, 0))
        return [label for label, _count in seen.most_common(_MOST_LABELS)]

    @property
    def mixed_up(self) -> list[tuple[str, str, int]]:
        """Right label, guessed label, how often: what was taken for something else, the most frequent first."""
        pairs = [
            (right, guessed, count)
            for right, row in self.confusion.items()
            for guessed, count in row.items()
            if right != guessed
        ]
        return sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1]))[:_MOST_PAIRS]

    def as_json(self) -> dict[str, Any]:
        """As it is kept with a run."""
        labels = self.labels
        table = [[self.confusion.get(r, {}).get(g, 0) for g in labels] for r in labels]
        return {
            "accuracy": round(self.accuracy, 4),
            "macro_f1": round(self.macro_f1, 4),
            "labels": labels,
            "table": table,
            "mixed_up": [list(pair) for pair in self.mixed_up],
        }


def judge(right: Sequence[str], guessed: Sequence[str]) -> Figures:
    """Compare. Macro-F1 is the plain mean of the F1 of every label that is right somewhere or was guessed."""
    pairs = Counter(zip(right, guessed, strict=True))
    confusion: dict[str, dict[str, int]] = {}
    for (is_right, was_guessed), count in pairs.items():
        confusion.setdefault(is_right, {})[was_guessed] = count
    hits = sum(count for (r, g), count in pairs.items() if r == g)
    rights, guesses = Counter(right), Counter(guessed)
    every = sorted({*rights, *guesses})
    f1 = [2 * pairs[label, label] / (rights[label] + guesses[label]) for label in every]
    total = len(right) or 1
    return Figures(len(right), hits / total, sum(f1) / (len(f1) or 1), confusion)
