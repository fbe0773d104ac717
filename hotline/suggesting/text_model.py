"""From a text to labels (items, topics), with how sure it is and the words that counted.

A linear model over pieces of the text (`features.py`). It is learned with scikit-learn, and is used with numpy
alone: its file is a table of numbers (`packing.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hotline.suggesting.features import BLOCKS, Words, pieces, read
from hotline.suggesting.packing import Unreadable, pack, unpack
from hotline.suggesting.weighing import Floats, Scale, counted, signs_of
from hotline.suggesting.words import Vocabulary

KIND = "text"
_MOST_WORDS = 3
_LOOKED_AT = 40


@dataclass(frozen=True)
class Labelled:
    """A text that a person gave a label. `words` are there where it came split already."""

    label: str
    text: str
    title: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Guess:
    """A label, how likely it is (0 to 1), and the words that spoke for it, strongest first."""

    label: str
    likely: float
    because: tuple[str, ...]


@dataclass(frozen=True)
class Block:
    scale: Scale
    weights: NDArray[np.float16]  # pieces × labels


@dataclass
class TextModel:
    """What was learned. `seen` is from how many texts each label was learned."""

    labels: list[str]
    seen: list[int]
    vocabulary: Vocabulary
    blocks: dict[str, Block]
    bias: Floats
    temperature: float = 2.0
    facts: dict[str, Any] = field(default_factory=dict)

    def scores(self, words: Words) -> Floats:
        """How much speaks for each label; above zero is for it."""
        total = self.bias.copy()
        for name, block in self.blocks.items():
            cut, weight = BLOCKS[name]
            columns, weights = block.scale.weigh(*counted(cut(words)))
            total += weight * (weights @ block.weights[columns].astype(np.float32))
        return total

    def guesses(self, text: str, title: str = "", limit: int = 5) -> list[Guess]:
        """The likeliest labels of a text, with the words that counted. Nothing for a text without known words."""
        words = read(self.vocabulary, text, title)
        if not words.body:
            return []
        likely = self.likely(self.scores(words))
        best = [int(place) for place in np.argsort(-likely)[:limit]]
        said, loud = self._voices(words)
        return [
            Guess(self.labels[place], float(likely[place]), _loudest(said, loud[:, place]))
            for place in best
        ]

    def likely(self, scores: Floats) -> Floats:
        """Scores as shares that sum to 1."""
        raised = np.exp(self.temperature * (scores - scores.max()))
        shares: Floats = raised / raised.sum()
        return shares

    def best(self, text: str, title: str = "") -> str:
        """The likeliest label."""
        return self.labels[int(self.scores(read(self.vocabulary, text, title)).argmax())]

    def _voices(self, words: Words) -> tuple[list[str], Floats]:
        """The known words of the text (pieces, where no words were learned), and how loud each speaks for each label
        against the mean of all labels."""
        block = self.blocks["once" if self.vocabulary.seen else "whole"]
        cut = words.body if self.vocabulary.seen else pieces("".join(words.body))
        said = [piece for piece in dict.fromkeys(cut) if len(piece) > 1]
        signs = signs_of(said)
        columns, weights = block.scale.weigh(signs, [1] * len(said))
        known = np.isin(signs, block.scale.signs[columns])
        own = block.weights[columns].astype(np.float32)
        loud: Floats = weights[:, None] * (own - own.mean(axis=1, keepdims=True))
        return [piece for piece, is_known in zip(said, known, strict=True) if is_known], loud

    def packed(self) -> bytes:
        """As the bytes of a file."""
        seen = self.vocabulary.seen
        facts = {
            "kind": KIND,
            "labels": self.labels,
            "seen": self.seen,
            "temperature": self.temperature,
            "words": list(seen),
            **self.facts,
        }
        arrays: dict[str, NDArray[Any]] = {"bias": self.bias}
        arrays["word_counts"] = np.fromiter(seen.values(), np.int32, len(seen))
        for name, block in self.blocks.items():
            arrays[f"{name}.signs"] = block.scale.signs
            arrays[f"{name}.rarity"] = block.scale.rarity
            arrays[f"{name}.weights"] = block.weights
        return pack(facts, arrays)

    @classmethod
    def unpacked(cls, data: bytes) -> "TextModel":
        """From the bytes of a file. Raises Unreadable."""
        facts, arrays = unpack(data)
        try:
            words = dict(zip(facts["words"], arrays["word_counts"].tolist(), strict=True))
            blocks = {name: _block(arrays, name) for name in BLOCKS if f"{name}.signs" in arrays}
            return cls(
                labels=facts["labels"],
                seen=facts["seen"],
                vocabulary=Vocabulary(words),
                blocks=blocks,
                bias=arrays["bias"],
                temperature=float(facts["temperature"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise Unreadable(f"not a model of texts: {error}") from error


def _block(arrays: dict[str, NDArray[Any]], name: str) -> Block:
    scale = Scale(arrays[f"{name}.signs"], arrays[f"{name}.rarity"])
    weights = arrays[f"{name}.weights"]
    if weights.shape[0] != scale.signs.size:
        raise ValueError("its tables do not fit together")
    return Block(scale, weights)


def _loudest(said: Sequence[str], loud: Floats) -> tuple[str, ...]:
    """The few words that spoke loudest for a label."""
    order = np.argsort(-loud)[:_LOOKED_AT]
    return _apart([said[place] for place in order if loud[place] > 0], _MOST_WORDS)


def _apart(found: Sequence[str], limit: int) -> tuple[str, ...]:
    """The first few, none of them a part of another; a longer one takes the place of its part."""
    kept: list[str] = []
    for piece in found:
        within = next((n for n, old in enumerate(kept) if old in piece or piece in old), None)
        if within is None and len(kept) < limit:
            kept.append(piece)
        elif within is not None and len(piece) > len(kept[within]):
            kept[within] = piece
    return tuple(dict.fromkeys(kept))
