"""Who is told what: a reading of the journal that fills people's bells, each exactly once.

A call-up of a thousand is one event and one bulk insert of notices. A worker that dies in between has told nobody, and
the call-up shows that its notices are pending; the next worker tells each person once.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.urls import reverse

from accounts.models import Post
from accounts.roles import RULES, May, Role
from clocks.calendar import SHANGHAI
from emergency.choices import AWAITED
from emergency.doors import ACTIVATIONS, CALL_UPS, CALLED
from emergency.models import Activation, Called, CallUp, Team
from incidents.querysets import within
from incidents.telling import Staff
from journal.models import Event
from journal.readers import follow
from notices.tell import tell, tell_each

READER = "emergency.telling"
People = Iterable[int]


@dataclass(frozen=True)
class Told:
    """An event of this room, as the rules below see it; what it is about is None where that is another record."""

    event: Event
    now: datetime
    activation: Activation | None = None
    call_up: CallUp | None = None
    called: Called | None = None

    def watchers(self) -> People:
        """Everybody in the area whose post lets them see emergencies."""
        assert self.activation is not None
        day = self.now.astimezone(SHANGHAI).date()
        roles = [role for role, rule in RULES.items() if May.SEE_EMERGENCY in rule.may]
        posts = Post.objects.held_on(day).filter(
            within(self.activation.area_code), role__in=roles, user__is_active=True
        )
        above = Staff(day).in_charge(self.activation.area_code, Role.COMMANDER)
        return {*posts.values_list("user_id", flat=True), *above}

    def summoned(self) -> People:
        """Whoever this very call goes to: all at first, then the missing."""
        assert self.call_up is not None
        rows = Called.objects.filter(call_up=self.call_up, person__isnull=False)
        at_this_call = rows.filter(calls__gte=self.event.data["call"], state__in=AWAITED)
        return at_this_call.values_list("person_id", flat=True)

    def everybody_out(self) -> People:
        """Whoever was stood down by the end."""
        assert self.call_up is not None
        down = Called.objects.filter(
            call_up=self.call_up, person__isnull=False, ended_at=self.event.at
        )
        return down.values_list("person_id", flat=True)

    def leader(self) -> People:
        """Of the team that the event is about."""
        team = self.called.team_id if self.called else self.event.data.get("team")
        rows = Team.objects.filter(pk=team, leader__isnull=False)
        return [pk for pk in rows.values_list("leader_id", flat=True) if pk]

    @property
    def number(self) -> str:
        record = self.called.call_up if self.called else self.call_up or self.activation
        assert record is not None
        return record.number

    @property
    def about(self) -> Activation:
        if self.called is not None:
            return self.called.call_up.activation
        found = self.activation or (self.call_up.activation if self.call_up else None)
        assert found is not None
        return found


@dataclass(frozen=True)
class Rule:
    """Which sentence, to whom, leading where (a page that takes the number, or none)."""

    kind: str
    people: Callable[[Told], People]
    page: str


RULES_OF_TELLING: dict[str, Rule] = {
    "emergency.declared": Rule("emergency.declared", Told.watchers, "emergency:activation"),
    "emergency.raised": Rule("emergency.raised", Told.watchers, "emergency:activation"),
    "emergency.lowered": Rule("emergency.lowered", Told.watchers, "emergency:activation"),
    "emergency.instructed": Rule("emergency.instructed", Told.watchers, "emergency:activation"),
    "emergency.ended": Rule("emergency.ended", Told.watchers, "emergency:activation"),
    "call_up.called": Rule("call_up.called", Told.summoned, "emergency:mine"),
    "call_up.repeated": Rule("call_up.called", Told.summoned, "emergency:mine"),
    "call_up.team_formed": Rule("call_up.lead", Told.leader, "emergency:call_up"),
    "call_up.team_set": Rule("call_up.lead", Told.leader, "emergency:call_up"),
    "call_up.ended": Rule("call_up.ended", Told.everybody_out, "emergency:mine"),
    "called.declined": Rule("called.declined", Told.leader, "emergency:call_up"),
}


def tell_people(now: datetime, limit: int = 100) -> int:
    """Read the next events of the journal and fill the bells; the number of events read.

    Any number of workers may call it: one reads at a time, and cursor and notices move together.
    """
    return follow(READER, partial(_tell_all, now), verbs=RULES_OF_TELLING.keys(), limit=limit)


def _tell_all(now: datetime, events: Sequence[Event]) -> None:
    activations = Activation.objects.in_bulk(_ids(events, ACTIVATIONS.subject))
    call_ups = CallUp.objects.select_related("activation").in_bulk(_ids(events, CALL_UPS.subject))
    related = Called.objects.select_related("call_up__activation", "team")
    called = related.in_bulk(_ids(events, CALLED.subject))
    for event in events:
        key = int(event.subject_id)
        match event.subject_kind:
            case "emergency" if key in activations:
                _tell(Told(event, now, activation=activations[key]))
            case "call_up" if key in call_ups:
                _tell(Told(event, now, call_up=call_ups[key]))
            case "called" if key in called:
                _tell(Told(event, now, called=called[key]))


def _ids(events: Iterable[Event], subject: str) -> set[int]:
    return {int(event.subject_id) for event in events if event.subject_kind == subject}


def _tell(told: Told) -> None:
    """One bell per person and event. Nobody is told of their own doing, except of being called."""
    rule = RULES_OF_TELLING[told.event.verb]
    calling = rule.kind == "call_up.called"
    said: dict[str, Any] = {"facts": _facts(told), "link": _link(told, rule), "now": told.now}
    if calling:
        tell(told.event, rule.people(told), kind=rule.kind, **said)
    else:
        tell_each(told.event, [(rule.kind, rule.people(told))], **said)
    if calling and told.call_up is not None:
        CallUp.objects.filter(pk=told.call_up.pk).update(told_at=told.now)


def _link(told: Told, rule: Rule) -> str:
    return reverse(rule.page, args=[] if rule.page == "emergency:mine" else [told.number])


def _facts(told: Told) -> dict[str, object]:
    about = told.about
    level = told.event.data.get("emergency_level") or about.level
    return {
        "number": told.number,
        "event_kind": about.kind,
        "emergency_level": level,
        "area": about.area_code,
    }
