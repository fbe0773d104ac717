"""A matter that nobody owns is raised: from a case that units returned, or from nothing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor, ActorKind, HeldPost
from accounts.models import Organisation
from accounts.roles import May, Scope
from borders.choices import MatterState, Stage
from borders.doors import MATTERS
from borders.lifecycle import MATTER
from borders.models import Matter
from borders.querysets import WRITE
from borders.step_forms import RaiseFacts
from config.refusal import Refused
from incidents.models import Incident
from journal.append import append
from steps.door import keep_words, show_open
from steps.forms import FactsRefused
from steps.numbering import next_number


def raise_matter(*, by: Actor, now: datetime, facts: Mapping[str, Any]) -> Matter:
    """Raise a matter. `facts` is what was typed or sent (`step_forms.RaiseFacts`).

    Raises PermissionDenied, FactsRefused (422), and Refused (422) for a place that is not theirs.
    """
    demand(by)
    form = raise_form(by, facts)
    if not form.is_valid():
        raise FactsRefused(form)
    given = form.cleaned_data
    area_code = given["area"] or home_of(by)
    post = _post_over(by, area_code)
    with transaction.atomic():
        matter = Matter(
            number=next_number("N", "unowned_number", now),
            state=MatterState.RAISED,
            area_code=area_code,
            title=given["title"],
            text=given["text"],
            item_code=given["item_code"],
            raised_by_id=by.user_id,
            raised_by_unit_id=post.organisation_id,
            raised_at=now,
            updated_at=now,
        )
        matter.save(force_insert=True)
        matter.cases.set(given["cases"])
        MATTERS.start_clock(MATTERS.meet(matter, by, now), Stage.RULE)
        show_open(matter, (MATTER, matter.pk))
        matter.save(update_fields=["due_at", "amber_at"])
        append(
            "unowned.raised",
            subject=(MATTER, matter.pk),
            area_code=area_code,
            by=by,
            now=now,
            post=post,
            data={"to": matter.state, "version": 1, **_words(matter, given, now)},
        )
    return matter


def _words(matter: Matter, given: Mapping[str, Any], now: datetime) -> dict[str, int]:
    kept = keep_words((MATTER, matter.pk), given, now)
    return {"remark": kept} if kept else {}


def demand(by: Actor) -> None:
    """Raises PermissionDenied where `by` may register nothing."""
    by.require(May.RAISE_UNOWNED)
    if by.kind is ActorKind.CLIENT and WRITE not in by.scopes:
        raise PermissionDenied(str(May.RAISE_UNOWNED))


def raise_form(by: Actor, facts: Mapping[str, Any] | None, **initial: Any) -> RaiseFacts:
    """The form for a new matter."""
    form = RaiseFacts(facts, initial={"area": home_of(by), **initial})
    form.actor = by
    return form


def said_by_case(case: Incident) -> dict[str, Any]:
    """What a case says already of the matter that shows in it."""
    return {
        "cases": case.number,
        "text": case.text,
        "title": case.item.shown_name if case.item else case.text[:60],
        "item_code": case.item.code if case.item else "",
        "area": case.area_code[:6],
    }


def home_of(by: Actor) -> str:
    """The area for which this person registers, where nothing else is said: of an area post its area, of a unit's
    person the unit's."""
    posts = by.posts_with(May.RAISE_UNOWNED)
    areas = [post.area_code for post in posts if post.rule_scope is Scope.AREA]
    units = [post.organisation_id for post in posts if post.organisation_id]
    if areas:
        return max(areas, key=len)
    found = Organisation.objects.filter(pk__in=units).values_list("area_code", flat=True).first()
    return found or ""


def _post_over(by: Actor, area_code: str) -> HeldPost:
    """The post under which `by` raises it here; a unit raises what lies in the area that it serves."""
    for post in by.posts_with(May.RAISE_UNOWNED):
        covers = post.covers(area_code) if area_code else False
        if covers or (area_code and area_code == _above(by, area_code)):
            return post
    raise Refused(
        "area_not_yours",
        _("This place lies outside the area that you may register for."),
        field="area",
    )


def _above(by: Actor, area_code: str) -> str:
    """The district, for whoever works inside of it: what nobody owns is as a rule the whole district's matter."""
    inside = any(post.area_code.startswith(area_code) for post in by.posts_with(May.RAISE_UNOWNED))
    return area_code if inside and len(area_code) >= 6 else ""
