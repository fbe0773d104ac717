"""A whistle is drafted: what it is about, where, whom it summons, and which cases it hangs on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor, ActorKind, HeldPost
from accounts.models import Organisation, OrganisationKind
from accounts.roles import May
from config.refusal import Refused
from grids.locate import locate
from journal.append import append
from steps.forms import FactsRefused
from steps.numbering import next_number
from whistles.call import Deed
from whistles.models import Milestone, Summons, Whistle, WhistleType
from whistles.querysets import WRITE
from whistles.step_forms import DraftFacts
from whistles.taking import SUBJECT, effect, take

# A whistle is a street's or a community's: the code of a subdistrict has 9 digits.
STREET_DIGITS = 9


def draft(*, by: Actor, now: datetime, facts: Mapping[str, Any]) -> Whistle:
    """Draft a whistle. `facts` is what was typed or sent (see `step_forms.DraftFacts`).

    Raises PermissionDenied, FactsRefused (422), and Refused (422) where the place is nobody's whom `by` may blow
    for.
    """
    _demand_permission(by)
    form = draft_form(by, facts)
    if not form.is_valid():
        raise FactsRefused(form)
    with transaction.atomic():
        whistle = Whistle(drafted_by_id=by.user_id, drafted_at=now, updated_at=now)
        post = _fill(whistle, form.cleaned_data, by)
        whistle.number = next_number("W", "whistle_number", now)
        whistle.save(force_insert=True)
        _connect(whistle, form.cleaned_data)
        _tell_journal(whistle, by, now, post)
    return whistle


def draft_and_blow(*, by: Actor, now: datetime, facts: Mapping[str, Any]) -> Whistle:
    """Draft, approve and blow with one press, for whoever may do all three: an emergency does not wait for a
    second page. Raises as `draft` and `taking.take` do."""
    by.require(May.APPROVE_WHISTLE)
    with transaction.atomic():
        made = draft(by=by, now=now, facts=facts)
        for step in ("approve", "blow"):
            made = take(step, number=made.number, by=by, now=now)
    return made


def draft_form(by: Actor, facts: Mapping[str, Any] | None, **initial: Any) -> DraftFacts:
    """The form for a new whistle: what this person may blow, and the units of their district."""
    form = DraftFacts(facts, initial={"stay": True, **initial})
    form.fit_for(by, home_of(by))
    return form


def home_of(by: Actor) -> str:
    """The area for which this person blows, where nothing else is said."""
    prefixes = by.area_prefixes(May.BLOW)
    return max(prefixes, key=len, default="")


def _demand_permission(by: Actor) -> None:
    by.require(May.BLOW)
    if by.kind is ActorKind.CLIENT and WRITE not in by.scopes:
        raise PermissionDenied(str(May.BLOW))


def _fill(whistle: Whistle, facts: Mapping[str, Any], by: Actor) -> HeldPost:
    """Put the facts on the whistle, unsaved, and return the post under which `by` may blow it."""
    whistle.type, whistle.text, whistle.stay = facts["type"], facts["text"], facts["stay"]
    whistle.lon, whistle.lat, whistle.address = facts["lon"], facts["lat"], facts["address"]
    whistle.area_code = _area_of(facts, by)
    whistle.street_code = whistle.area_code[:STREET_DIGITS]
    whistle.street = _office_of(whistle.street_code)
    return demand_post(by, whistle.type, whistle.area_code)


def _area_of(facts: Mapping[str, Any], by: Actor) -> str:
    """The grid under the point, where one was marked; else what was said; else the person's own street."""
    found = locate(facts["lon"], facts["lat"]).grid_code if facts["lon"] is not None else None
    code = found or facts["area"] or home_of(by)
    if len(code) < STREET_DIGITS:
        raise Refused(
            "area_missing",
            _(
                "Say for which street or community the whistle is: mark the point, or name the area."
            ),
            422,
            field="area",
        )
    return code


def demand_post(by: Actor, kind: WhistleType, area_code: str) -> HeldPost:
    """The post under which `by` may blow a whistle of this type here. Raises Refused (422)."""
    over = [post for post in by.posts_with(May.BLOW) if post.covers(area_code)]
    if not over:
        raise Refused(
            "area_not_yours", _("This place lies outside the area that you may blow for."), 422,
            field="area",
        )  # fmt: skip
    allowed = [post for post in over if post.role in kind.blown_by]
    if not allowed:
        raise Refused(
            "type_not_yours", _("This kind of whistle is blown by others."), 422, field="type"
        )
    return allowed[0]


def _office_of(street_code: str) -> Organisation | None:
    offices = Organisation.objects.filter(area_code=street_code, active=True)
    return offices.filter(kind=OrganisationKind.SUBDISTRICT).first()


def _connect(whistle: Whistle, facts: Mapping[str, Any]) -> None:
    whistle.cases.set(facts["cases"])
    Summons.objects.create(whistle=whistle, unit=facts["lead"], lead=True)
    for unit in facts["units"]:
        Summons.objects.create(whistle=whistle, unit=unit)
    if facts["plan"] is not None:
        whistle.milestones.all().delete()
        Milestone.objects.bulk_create(Milestone(whistle=whistle, **row) for row in facts["plan"])


def _tell_journal(whistle: Whistle, by: Actor, now: datetime, post: HeldPost) -> None:
    append(
        "whistle.drafted",
        subject=(SUBJECT, whistle.pk),
        area_code=whistle.area_code,
        by=by,
        now=now,
        post=post,
        data={"whistle_type": whistle.type_id, "to": whistle.state, "version": 1},
    )


@effect("amend")
def amend(deed: Deed) -> None:
    """Say everything anew; the units are summoned anew too, since none of them has heard of it."""
    _fill(deed.whistle, deed.facts, deed.by)
    deed.whistle.summonses.all().delete()
    _connect(deed.whistle, deed.facts)


@effect("plan")
def plan(deed: Deed) -> None:
    """A milestone more."""
    part = deed.of_unit(deed.facts["unit"])
    made = Milestone.objects.create(
        whistle=deed.whistle,
        text=deed.facts["text"],
        unit=part.unit if part else None,
        due_on=deed.facts["due_on"],
    )
    deed.data.update(milestone=made.pk, until=made.due_on.isoformat())
