"""Learning to tell texts apart, with scikit-learn: linear support vector machines over the weighed pieces.

Only workers and commands load this file; pages use what it made with numpy alone (`text_model.py`).
"""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from scipy import sparse
from sklearn.svm import LinearSVC

from hotline.suggesting.features import BLOCKS, read
from hotline.suggesting.text_model import Block, Labelled, TextModel
from hotline.suggesting.weighing import Floats, Scale, Signs, counted
from hotline.suggesting.words import Vocabulary

_HARDNESS = 0.25  # C of the support vector machines, chosen by cross-validation on a city's archive
_LARGEST_TABLE = 24_000_000  # weights, of two bytes each: every process that suggests holds them
_TEMPERATURES = (1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)
Progress = Callable[[float], None]


def learn(texts: Sequence[Labelled], progress: Progress = lambda share: None) -> TextModel:
    """A model of the texts. Words are learned from those that came split; without any, characters stand for words.

    Raises ValueError for fewer than two labels. `progress` hears shares from 0 to 1.
    """
    labels = sorted({one.label for one in texts})
    if len(labels) < 2:
        raise ValueError("two labels at least are needed to learn to tell them apart")
    vocabulary = Vocabulary.learn(one.words for one in texts if one.words)
    cut = [read(vocabulary, one.text, one.title) for one in texts]
    progress(0.2)
    most = _LARGEST_TABLE // len(labels) // len(BLOCKS)
    scales: dict[str, Scale] = {}
    sheets = []
    for name, (family, weight) in BLOCKS.items():
        rows = [counted(family(words)) for words in cut]
        scales[name] = Scale.learn([signs for signs, _counts in rows], most)
        sheets.append(weighed(scales[name], rows) * np.float32(weight))
        progress(0.2 + 0.1 * len(sheets))
    machine = LinearSVC(C=_HARDNESS, class_weight="balanced", random_state=0)
    machine.fit(sparse.hstack(sheets, format="csr"), [one.label for one in texts])
    progress(1.0)
    counts = Counter(one.label for one in texts)
    weights, bias = _for_each_label(machine)
    return TextModel(
        labels=labels,
        seen=[counts[label] for label in labels],
        vocabulary=vocabulary,
        blocks=_cut_apart(weights, scales),
        bias=bias,
    )


def _for_each_label(machine: LinearSVC) -> tuple[Floats, Floats]:
    """Labels × pieces, and a bias for each label: of two labels the machine knows one side only."""
    weights, bias = machine.coef_.astype(np.float32), machine.intercept_.astype(np.float32)
    if len(bias) == 1:
        return np.vstack([-weights, weights]), np.concatenate([-bias, bias])
    return weights, bias


def _cut_apart(weights: Floats, scales: dict[str, Scale]) -> dict[str, Block]:
    blocks, start = {}, 0
    for name, scale in scales.items():
        end = start + scale.signs.size
        blocks[name] = Block(scale, np.ascontiguousarray(weights[:, start:end].T, dtype=np.float16))
        start = end
    return blocks


def tempered(model: TextModel, held_back: Sequence[Labelled]) -> float:
    """The temperature at which the likelihoods that the model gives fit what came true in texts it never saw."""
    place = {label: n for n, label in enumerate(model.labels)}
    rows = [
        (model.scores(read(model.vocabulary, one.text, one.title)), place[one.label])
        for one in held_back
        if one.label in place
    ]
    if not rows:
        return model.temperature
    return min(_TEMPERATURES, key=lambda heat: _surprise(model, heat, rows))


def _surprise(model: TextModel, heat: float, rows: Sequence[tuple[Floats, int]]) -> float:
    model.temperature = heat
    return -sum(float(np.log(model.likely(scores)[right] + 1e-9)) for scores, right in rows)


def weighed(scale: Scale, texts: Sequence[tuple[Signs, Sequence[int]]]) -> sparse.csr_matrix:
    """One row for each text."""
    rows = [scale.weigh(signs, counts) for signs, counts in texts]
    ends = np.cumsum([0, *(len(columns) for columns, _weights in rows)])
    columns = np.concatenate([columns for columns, _weights in rows])
    weights = np.concatenate([weights for _columns, weights in rows])
    return sparse.csr_matrix((weights, columns, ends), shape=(len(texts), scale.signs.size))
