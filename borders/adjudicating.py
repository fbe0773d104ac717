"""Units are heard, the lead is named, and the ruling becomes a responsibility rule; or there was a lead, and which."""

from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.roles import May
from borders.choices import Says, Stage
from borders.doors import MATTERS, MatterMeeting
from borders.lifecycle import MATTER
from borders.limits import allowance_of
from borders.models import Matter, Opinion
from clocks import running
from clocks.calendar import CalendarEnds
from clocks.calendars import calendar_for
from config.refusal import Refused
from incidents.responsibility_rules import Wording, add_rule
from steps.door import show_open

# --- units are heard ---------------------------------------------------------------------------


@MATTERS.effect("ask")
def ask(m: MatterMeeting) -> None:
    """Ask units for their opinion until a time; one that was asked before and is silent gets the new time."""
    until = m.facts["until"] or _usual_end(m)
    for unit in m.facts["units"]:
        Opinion.objects.update_or_create(
            matter=m.record, unit=unit, defaults={"asked_at": m.now, "until": until}
        )
    m.data.update(units=[unit.pk for unit in m.facts["units"]], until=until.isoformat())


def _usual_end(m: MatterMeeting) -> datetime:
    try:
        return calendar_for(m.record.area_code).due(m.now, allowance_of(Stage.HEAR))
    except CalendarEnds:
        raise Refused(
            "until_missing",
            _(
                "The working calendar does not reach that far: name the time until which they are heard."
            ),
            field="until",
        ) from None


@MATTERS.guard("opine")
def said_already(m: MatterMeeting) -> Promise | None:
    """Once for each unit."""
    if not any(one.given_at is None for one in m.own):
        return gettext_lazy("Your unit has given its opinion already.")
    return None


@MATTERS.effect("opine")
def opine(m: MatterMeeting) -> None:
    """One unit's say. When all have spoken, nobody is waited for."""
    opinion = _own(m)
    opinion.says, opinion.text = m.facts["says"], m.facts["text"]
    opinion.given_at, opinion.given_by_id = m.now, m.by.user_id
    opinion.save()
    left = [one for one in m.silent if one.pk != opinion.pk]
    if not left:
        subject = (MATTER, m.record.pk)
        running.stop(subject=subject, stages=(Stage.HEAR,), now=m.now)
        show_open(m.record, subject)
    m.data.update(unit=opinion.unit_id, says=opinion.says, late=opinion.is_late, silent=len(left))


def _own(m: MatterMeeting) -> Opinion:
    """The opinion that is given now. Raises Refused where that is not clear, or was given."""
    named = m.facts["unit"]
    mine = [one for one in m.own if not named or one.unit.code == named]
    if len(mine) != 1:
        raise Refused("unit_unclear", _("Say for which of your units."), field="unit")
    if mine[0].given_at is not None:
        raise Refused("said_already", str(said_already(m) or _("It was given already.")), 409)
    return mine[0]


# --- the lead is named -------------------------------------------------------------------------


@MATTERS.effect("adjudicate")
def adjudicate(m: MatterMeeting) -> None:
    """Name the lead and who assists, with the basis."""
    matter, facts = m.record, m.facts
    matter.lead, matter.basis, matter.ruled_at = facts["lead"], facts["basis"], m.now
    matter.assisting.set(facts["assisting"])
    m.facts = {**facts, "text": facts["basis"]}
    m.data.update(unit=facts["lead"].pk, assisting=[unit.pk for unit in facts["assisting"]])


@MATTERS.effect("write")
def write(m: MatterMeeting) -> None:
    """Write the ruling into the responsibility rules, through their own door: a tie is refused there."""
    matter, facts = m.record, m.facts
    assert matter.lead is not None, "a lead was named"
    rule = add_rule(
        wording=Wording(
            item_code=facts["item_code"],
            area_code=facts["area"],
            organisation=matter.lead,
            priority=facts["priority"],
            valid_from=m.today,
            note=_note(matter),
        ),
        by=m.by,
        now=m.now,
        may=May.RULE_ON_LEAD,
    )
    matter.item_code, matter.rule = facts["item_code"], rule
    m.data.update(rule=rule.pk, unit=matter.lead.pk)


def _note(matter: Matter) -> str:
    """Where the rule comes from, and who assists, for whoever reads the list of rules."""
    helpers = "、".join(unit.name for unit in matter.assisting.all())
    return (f"{matter.number} {matter.title}" + (f"；协办：{helpers}" if helpers else ""))[:200]


@MATTERS.effect("rule")
def rule_at_once(m: MatterMeeting) -> None:
    """Name the lead and write the rule with one press."""
    adjudicate(m)
    write(m)


@MATTERS.effect("refuse")
def refuse(m: MatterMeeting) -> None:
    """There is a lead: which."""
    m.record.lead, m.record.ruled_at = m.facts["lead"], m.now
    m.record.basis = m.facts["reason"]
    m.data["unit"] = m.facts["lead"].pk


# --- where it is plain -------------------------------------------------------------------------


def plain_ruling(matter: Matter, opinions: list[Opinion]) -> dict[str, Any] | None:
    """The facts of the ruling where nothing is left to weigh: everybody answered, exactly one unit says that the
    matter is its own, and the matter is named in the catalogue. Units that would assist do."""
    ours = [one for one in opinions if one.says == Says.OURS]
    if len(ours) != 1 or not matter.item_code or any(one.given_at is None for one in opinions):
        return None
    return {
        "lead": ours[0].unit.code,
        "assisting": [one.unit.code for one in opinions if one.says == Says.SHARED],
        "basis": _("%(unit)s: “%(words)s”") % {"unit": ours[0].unit.name, "words": ours[0].text},
        "item_code": matter.item_code,
        "area": matter.area_code,
        "priority": 0,
    }


def rule_plainly(*, number: str, by: Actor, now: datetime, version: int | None) -> Matter:
    """Rule as the units themselves say, with one press. Raises as `take` does, and Refused `not_plain`."""
    matter = MATTERS.seen_by(by).get(number=number)
    meeting = MATTERS.meet(matter, by, now)
    MATTERS.demand_role(meeting, MATTERS.table["rule"])
    facts = plain_ruling(matter, meeting.opinions)
    if facts is None:
        raise Refused(
            "not_plain",
            _("The units do not agree, or have not all answered: rule on the page of the matter."),
            409,
        )
    return MATTERS.take("rule", number=number, by=by, now=now, version=version, facts=facts)
