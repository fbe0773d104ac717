"""What partner systems may hear. Each room registers the subjects that it opens to them (in its `AppConfig.ready()`):

register("incident", scope="incidents:read", verbs={"incident.filed", …}, sees=seen_cases)
also("incident", {"escalation.urged", …})  # an upper room, about the same subjects

What is not registered is never sent.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from accounts.actor import Actor

# Of the subjects with these ids (text, as the journal has them), those that this actor may see.
Sees = Callable[[Actor, Collection[str]], Collection[str]]


@dataclass(frozen=True)
class Topic:
    """One kind of subject: its verbs, the scope that it takes, and who sees which."""

    kind: str
    scope: str
    verbs: frozenset[str]
    sees: Sees


_topics: dict[str, Topic] = {}
_more: dict[str, frozenset[str]] = {}


def register(kind: str, *, scope: str, verbs: Iterable[str], sees: Sees) -> None:
    """Open the events of one kind of subject to partner systems that hold `scope`."""
    _topics[kind] = Topic(kind, scope, frozenset(verbs), sees)


def also(kind: str, verbs: Iterable[str]) -> None:
    """Open what an upper room says of subjects that a lower one has opened."""
    _more[kind] = _more.get(kind, frozenset()) | frozenset(verbs)


def topic_of(kind: str) -> Topic | None:
    """What was registered for this kind of subject."""
    return _topics.get(kind)


def kinds_of(verb: str) -> list[str]:
    """The kinds of subject about which this verb may be heard."""
    known = _topics.values()
    return [one.kind for one in known if verb in one.verbs | _more.get(one.kind, frozenset())]


def verbs_for(scopes: Collection[str]) -> frozenset[str]:
    """Everything that a partner system with these scopes may hear."""
    mine = (topic for topic in _topics.values() if topic.scope in scopes)
    return frozenset[str]().union(*(one.verbs | _more.get(one.kind, frozenset()) for one in mine))
