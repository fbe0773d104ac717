"""From a text to the topics that labelled files taught: for sorting messages before anybody has read them."""

from dataclasses import dataclass

from hotline.choices import Purpose
from hotline.suggesting.item_reasons import said
from hotline.suggesting.keeping import text_model

MOST = 3


@dataclass(frozen=True)
class SuggestedTopic:
    """A topic, how likely it is (0 to 1), the words that counted, and how many texts taught it."""

    label: str
    likely: float
    words: tuple[str, ...]
    texts: int

    @property
    def reason(self) -> str:
        """One sentence in the reader's language."""
        return said({"by": "history", "words": self.words, "filings": self.texts})


def suggest_topics(text: str, title: str = "", limit: int = MOST) -> list[SuggestedTopic]:
    """The likeliest topics; none where nothing was learned."""
    model = text_model(Purpose.TOPICS).model
    if model is None:
        return []
    seen = dict(zip(model.labels, model.seen, strict=True))
    return [
        SuggestedTopic(guess.label, round(guess.likely, 3), guess.because, seen[guess.label])
        for guess in model.guesses(text, title, limit)
    ]
