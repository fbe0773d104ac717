"""Finding cases by number, words or address: two Chinese characters are enough, at any size.

The index holds pairs of neighbouring characters (`incident_bigrams` in the database, which serves the rows and
the question alike) and, beside them, who may see a case; whoever types more characters gets the rows that have
all of their pairs.
"""

import re
import unicodedata

from django.db import connection
from django.db.models import BooleanField, F, Func, Q, QuerySet, Value

from accounts.actor import Actor
from incidents.models import Incident
from incidents.querysets import scope_words

LONGEST = 100
# So many matches are taken from the index and sorted; more are dense enough to be met on the way.
MOST_AT_ONCE = 2000
_NUMBER = re.compile(r"\d{7,20}")


def found(cases: QuerySet[Incident], text: str, by: Actor | None = None) -> QuerySet[Incident]:
    """The cases that match every word of `text`; all of them where it is empty, none where it is only signs.

    Seven figures and more may also be the beginning of a number (a day finds its cases), six its end. A word
    of one character matches whatever begins with it. `by` says who searches: `cases` must be what that actor
    sees already, and the index is then asked for nothing else.
    """
    words = _normal(text).split()
    if not words:
        return cases
    numbers = [word for word in words if _NUMBER.fullmatch(word)]
    for number in numbers:
        cases = cases.filter(Q(number__startswith=number) | Q(_holds(_pairs(number))))
    questions = [_question(word) for word in words if word not in numbers]
    questions = [question for question in questions if question]
    if not questions and not numbers:
        return cases.none()
    return _matching(cases, questions, by) if questions else cases


def _matching(
    cases: QuerySet[Incident], questions: list[str], by: Actor | None
) -> QuerySet[Incident]:
    """Few matches by their keys. Many are left to the planner, who would count the scope twice if told twice."""
    words = " & ".join(f"({question})" for question in questions)
    scope = scope_words(by) if by else None
    few = _few(f"{words} & ({scope})" if scope else words)
    return cases.filter(_holds(words)) if few is None else cases.filter(pk__in=few)


def _few(question: str) -> list[int] | None:
    """The keys of all matches where they are few, or None."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT incident_matches(%s::tsquery, %s)", [question, MOST_AT_ONCE])
        (keys,) = cursor.fetchone()
    return keys  # type: ignore[no-any-return]


def _question(word: str) -> str:
    """What the index is asked for one word; nothing for one without a letter or figure."""
    ends_a_number = len(word) == 6 and word.isascii() and word.isdigit()
    return f"{_pairs(word)} | {_quoted(f'#{word}')}" if ends_a_number else _pairs(word)


def _normal(text: str) -> str:
    """Half width, and without the one character that the database cannot keep."""
    return unicodedata.normalize("NFKC", text[:LONGEST]).replace("\x00", " ")


class _Holds(Func):
    """`search @@ 'a' & 'b'`: the query is given as lexemes, and no parser of words comes between."""

    template = "(%(expressions)s::tsquery)"
    arg_joiner = " @@ "
    output_field = BooleanField()


def _holds(query: str) -> _Holds:
    return _Holds(F("search"), Value(query))


def _pairs(word: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT incident_bigrams(%s)", [word])
        (pairs,) = cursor.fetchone()
    if pairs:
        return " & ".join(map(_quoted, pairs))
    letter = next((one for one in word.lower() if one.isalnum()), "")
    return f"{_quoted(letter)}:*" if letter else ""


def _quoted(lexeme: str) -> str:
    escaped = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
