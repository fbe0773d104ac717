"""Kinds of notices for tests, and people who want to be told of them."""

from datetime import datetime
from typing import Any

from accounts.models import User
from accounts.roles import Role
from journal.models import Event
from notices.models import Preference
from notices.tell import tell
from notices.webhooks import topics
from notices.wording import register
from tests import factories
from tests.journal.factories import NOW, happened

ALL = ["email", "gateway"]


def register_kinds() -> None:
    """An ordinary one, an urgent one, and one that is danger."""
    register("case.sent", "Case %(number)s is yours", many="%(count)s cases are yours")
    register(
        "case.overdue", "Case %(number)s is overdue", tone="red", many="%(count)s cases overdue"
    )
    register("case.paged", "Red risk: case %(number)s", tone="red", danger=True)


def person(phone: str = "13812341234", **wishes: Any) -> User:
    """Somebody who wants mail and text messages about everything, unless told otherwise."""
    chosen = {"ordinary": ALL, "urgent": ALL, "danger": ALL, "email": "a@example.org"} | wishes
    somebody = factories.user(phone=phone, organisation=factories.organisation(), language="en")
    factories.post(somebody, Role.DISPATCHER)
    Preference.objects.create(person=somebody, **chosen)
    return somebody


def told(
    *people: User, kind: str = "case.overdue", number: int | str = 7, now: datetime = NOW
) -> Event:
    """They are told of something that happened to a case."""
    event = happened(("case", number))
    link = f"/cases/{number}"
    tell(
        event, [p.pk for p in people], kind=kind, facts={"number": str(number)}, link=link, now=now
    )
    return event


def register_topic() -> None:
    """Cases are open to partner systems that may read them, all but number 13."""
    topics.register(
        "case",
        scope="incidents:read",
        verbs={"incident.reported", "incident.filed", "incident.closed"},
        sees=lambda actor, ids: {one for one in ids if one != "13"},
    )
