"""What a text is made of for learning: pieces of one to four characters, the head once more, and whole words.

A block is one family of pieces; each is weighed and brought to length 1 on its own, then they are joined.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from hotline.suggesting.words import Vocabulary

_LONGEST_PIECE = 4
_HEAD = 24  # characters: a title, or how a text begins, says its matter first


@dataclass(frozen=True)
class Words:
    """A text as its words, title first; `head` are those with which it begins."""

    body: tuple[str, ...]
    head: tuple[str, ...]


def read(vocabulary: Vocabulary, text: str, title: str = "") -> Words:
    """The words of title and text together."""
    body = vocabulary.words(f"{title}。{text}" if title else text)
    ends = accumulate(len(word) for word in body)
    return Words(tuple(body), tuple(body[: sum(1 for end in ends if end <= _HEAD)]))


def pieces(text: str) -> Iterator[str]:
    """Every piece of one to four characters."""
    for length in range(1, _LONGEST_PIECE + 1):
        for start in range(len(text) - length + 1):
            yield text[start : start + length]


def pairs(words: Sequence[str]) -> Iterator[str]:
    """Neighbouring words, joined so that they are no piece of characters."""
    return (f"{first} {second}" for first, second in pairwise(words))


def whole(words: Words) -> Counter[str]:
    """The pieces of all words; those of the head count twice."""
    return Counter(pieces("".join(words.body))) + Counter(pieces("".join(words.head)))


def heads(words: Words) -> Counter[str]:
    """The pieces of the head alone."""
    return Counter(pieces("".join(words.head)))


def worded(words: Words) -> Counter[str]:
    """Words of two characters and more, and pairs of them; those of the head count twice."""
    body, head = _long(words.body), _long(words.head)
    found = Counter(body) + Counter(pairs(body))
    return found + Counter(head) + Counter(pairs(head))


def once(words: Words) -> Counter[str]:
    """Each word of two characters and more once, however often it was said, and once more in the head."""
    marked = Counter(f"{word}^" for word in set(_long(words.head)))
    return Counter(set(_long(words.body))) + marked


def _long(words: Sequence[str]) -> list[str]:
    """Single characters are as often a slip of the splitting as a word; the pieces have them anyway."""
    return [word for word in words if len(word) > 1]


# What is cut out of a text, and how loud it speaks: chosen by cross-validation on a city's archive, in which texts
# that are nearly the same were kept together.
BLOCKS = {"whole": (whole, 1.0), "head": (heads, 0.6), "words": (worded, 0.6), "once": (once, 0.6)}
