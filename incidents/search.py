"""Finding cases by number, words or address: two Chinese characters are enough, at any size.

The index holds pairs of neighbouring characters (`incident_bigrams` in the database, which serves the rows and
the question alike); whoever types more characters gets the rows that have all of their pairs.
"""

import re
import unicodedata

from django.db import connection
from django.db.models import BooleanField, F, Func, Q, QuerySet, Value

from incidents.models import Incident

LONGEST = 100
_NUMBER = re.compile(r"\d{6,20}")


def found(cases: QuerySet[Incident], text: str) -> QuerySet[Incident]:
    """The cases that match every word of `text`; all of them where it is empty.

    Eight figures and more are the beginning of a number (a day finds its cases), six its end. A word of
    one character matches whatever begins with it.
    """
    for word in _normal(text).split():
        cases = cases.filter(_matches(word))
    return cases


def _normal(text: str) -> str:
    """Half width, and without the one character that the database cannot keep."""
    return unicodedata.normalize("NFKC", text[:LONGEST]).replace("\x00", " ")


class _Holds(Func):
    """`search @@ 'a' & 'b'`: the query is given as lexemes, and no parser of words comes between."""

    template = "(%(expressions)s::tsquery)"
    arg_joiner = " @@ "
    output_field = BooleanField()


def _matches(word: str) -> Q:
    by_words = Q(_holds(_pairs(word)))
    if not _NUMBER.fullmatch(word):
        return by_words
    if len(word) == 6:
        return by_words | Q(_holds(_quoted(f"#{word}")))
    return by_words | Q(number__startswith=word)


def _holds(query: str) -> _Holds:
    return _Holds(F("search"), Value(query))


def _pairs(word: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT incident_bigrams(%s)", [word])
        (pairs,) = cursor.fetchone()
    return " & ".join(map(_quoted, pairs)) or f"{_quoted(word[:1].lower())}:*"


def _quoted(lexeme: str) -> str:
    escaped = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
