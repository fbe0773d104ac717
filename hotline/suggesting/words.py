"""Texts brought to one form, and split into words by a vocabulary learned from text that was split already.

A complaint comes raw from a form, or split into words and without function words from an archive. Both are brought
to the same form: half-width small letters, figures and masked places (A3区) as one sign each, no punctuation; then
split anew into the likeliest words, of which function words and unknown single characters are left out.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from math import log
from pathlib import Path

LONGEST_TEXT = 2000  # characters that are looked at: a text of 7,000 says its matter long before
_LONGEST_WORD = 8
_FUNCTION_WORDS = Path(__file__).with_name("function_words.txt")
# How likely a function word is, taken together from everyday Chinese; they are not counted in archives.
_FUNCTION = log(0.004)

_RUN = re.compile(r"[一-鿿]+|[a-z]+|0|#")
_PLACE = re.compile(r"[a-z]\d* ?(?=[市县区])")
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_CROSSES = re.compile(r"x{2,}")
_WORD = re.compile(r"[一-鿿a-z0#]+")


def normal(text: str) -> str:
    """Half-width and small; a masked place is `#`, any figure `0`."""
    small = unicodedata.normalize("NFKC", text[:LONGEST_TEXT]).lower()
    return _CROSSES.sub("x", _FIGURE.sub("0", _PLACE.sub("#", small)))


def runs(text: str) -> list[str]:
    """Stretches of Chinese, of letters, and the signs `0` and `#`, without anything between them."""
    return _RUN.findall(normal(text))


@cache
def function_words() -> frozenset[str]:
    """Words that say nothing about the matter."""
    return frozenset(_FUNCTION_WORDS.read_text("utf-8").split())


class Vocabulary:
    """Words and how often they were seen. `split` finds the likeliest words of a stretch (Viterbi, unigrams)."""

    def __init__(self, seen: Mapping[str, int]) -> None:
        self.seen = dict(seen)
        total = sum(self.seen.values()) or 1
        self._worth = {word: log(count / total) for word, count in self.seen.items()}
        self._unknown = log(0.01 / total) - 2
        self._left_out = frozenset(
            word for word in function_words() if self.seen.get(word, 0) < total * 1e-6 + 2
        )
        self._worth.update(dict.fromkeys(self._left_out, _FUNCTION))

    @classmethod
    def learn(cls, texts: Iterable[Iterable[str]]) -> "Vocabulary":
        """From texts split into words; a word of several characters counts from the second time on."""
        seen = Counter(word for words in texts for word in words)
        return cls({word: n for word, n in seen.items() if n > 1 or len(word) == 1})

    def words(self, text: str) -> list[str]:
        """The known words of a text in order, without function words; characters where nothing is known."""
        if not self.seen:
            return [letter for run in runs(text) for letter in (run if run[0] >= "一" else [run])]
        worth, out = self._worth, self._left_out
        return [w for run in runs(text) for w in self.split(run) if w in worth and w not in out]

    def split(self, run: str) -> list[str]:
        """The likeliest words that make up the stretch."""
        best, came_from = [0.0], [0]
        for end in range(1, len(run) + 1):
            found = (
                (best[start] + worth, start)
                for start in range(max(0, end - _LONGEST_WORD), end)
                if (worth := self._worth_of(run[start:end])) is not None
            )
            score, start = max(found)
            best.append(score)
            came_from.append(start)
        return _walked_back(run, came_from)

    def _worth_of(self, word: str) -> float | None:
        worth = self._worth.get(word)
        return self._unknown if worth is None and len(word) == 1 else worth


def _walked_back(run: str, came_from: list[int]) -> list[str]:
    words, end = [], len(run)
    while end:
        words.append(run[came_from[end] : end])
        end = came_from[end]
    return words[::-1]


def is_word(word: str) -> bool:
    """Whether a normal word is made of characters, letters and the signs `0` and `#` only."""
    return bool(_WORD.fullmatch(word))
