"""How long a suggestion takes: from a text to five items, their words and their likelihoods.

    python -m bench.suggesting

Needs no database: it learns from texts made up of syllables, 60 labels and 6,000 texts, and suggests for others of
100, 300 and 7,000 characters. Processor time is measured, so that work beside it does not show. (With real labelled
texts, `manage.py evaluate_suggester` prints the time a text by the clock.)
"""

import os
from collections.abc import Iterator
from random import Random
from time import process_time

LABELS, TEXTS, ROUNDS = 60, 6000, 200
LENGTHS = (100, 300, 7000)
BUDGET_MS = 20.0


def measure() -> Iterator[tuple[int, float]]:
    """Length of the text in characters, and milliseconds a suggestion (95th percentile)."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from hotline.suggesting.learning import learn
    from hotline.suggesting.text_model import Labelled

    random = Random(5)
    lexicon = ["".join(chr(0x4E00 + random.randrange(3000)) for _ in "ab") for _ in range(4000)]

    def text(label: int, length: int) -> list[str]:
        own = lexicon[label * 60 : label * 60 + 60]
        return [
            random.choice(own if random.random() < 0.3 else lexicon) for _ in range(length // 2)
        ]

    labels = [n % LABELS for n in range(TEXTS)]
    texts = [(label, text(label, 200)) for label in labels]
    model = learn([Labelled(str(n), "".join(words), words=tuple(words)) for n, words in texts])
    for length in LENGTHS:
        asked = ["".join(text(n % LABELS, length)) for n in range(ROUNDS)]
        model.guesses(asked[0])
        took = []
        for one in asked:
            began = process_time()
            model.guesses(one)
            took.append((process_time() - began) * 1000)
        yield length, sorted(took)[int(0.95 * ROUNDS)]


def main() -> None:
    print(f"| text of | p95 of a suggestion (budget {BUDGET_MS:.0f} ms) |")
    print("|---|---|")
    for length, milliseconds in measure():
        print(f"| {length:,} characters | {milliseconds:.1f} ms |")


if __name__ == "__main__":
    main()
