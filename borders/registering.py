"""An enclave is registered, amended, investigated and attributed: to whoever governs where it lies (domain E6)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import shapely
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor, HeldPost
from accounts.models import Organisation, OrganisationKind
from accounts.roles import May, Scope
from borders.choices import EnclaveState, Stage
from borders.doors import ENCLAVES, EnclaveMeeting
from borders.lifecycle import ENCLAVE
from borders.models import Enclave
from borders.raising import demand
from borders.step_forms import RegisterFacts, in_the_city
from config.refusal import Refused
from grids.locate import locate
from incidents.step_forms.base import as_field
from journal.append import append
from steps.door import keep_words, show_open
from steps.forms import FactsRefused
from steps.numbering import next_number

DISTRICT_DIGITS, STREET_DIGITS = 6, 9
_PLAIN = ("name", "reference", "address", "text", "population", "households", "area_m2", "owner")


def register(*, by: Actor, now: datetime, facts: Mapping[str, Any]) -> Enclave:
    """Register a place (see `step_forms.RegisterFacts`). Its area is that under the point or boundary, else the one
    named; its manager is whoever governs there until it is attributed otherwise.

    Raises PermissionDenied, FactsRefused (422), and Refused (422): `area_missing`, `area_not_yours`, `owner_is_here`,
    `reference_twice`.
    """
    demand(by)
    form = register_form(by, facts)
    if not form.is_valid():
        raise FactsRefused(form)
    return enter(form.cleaned_data, by=by, now=now)


@transaction.atomic
def enter(given: Mapping[str, Any], *, by: Actor, now: datetime, imported: bool = False) -> Enclave:
    """Write what was validated into the register. Raises as `register`. Of hundreds that come from one table
    (`imported`) nobody is told one by one."""
    enclave = Enclave(state=EnclaveState.REGISTERED, registered_at=now, updated_at=now)
    place(enclave, given)
    post = post_over(by, enclave.area_code)
    _demand_new_reference(enclave)
    enclave.registered_by_id = by.user_id
    enclave.number = next_number("E", "enclave_number", now)
    enclave.save(force_insert=True)
    meeting = ENCLAVES.meet(enclave, by, now)
    ENCLAVES.start_clock(meeting, Stage.INVESTIGATE)
    show_open(enclave, (ENCLAVE, enclave.pk))
    enclave.save(update_fields=["due_at", "amber_at"])
    kept = keep_words((ENCLAVE, enclave.pk), given, now)
    append(
        "enclave.registered",
        subject=(ENCLAVE, enclave.pk),
        area_code=enclave.area_code,
        by=by,
        now=now,
        post=post,
        data={
            "to": enclave.state,
            "version": 1,
            "unit": enclave.owner_id,
            **({"remark": kept} if kept else {}),
            **({"imported": True} if imported else {}),
        },
    )
    return enclave


def register_form(by: Actor, facts: Mapping[str, Any] | None, **initial: Any) -> RegisterFacts:
    """The form for a new enclave, with the units of the city."""
    form = RegisterFacts(facts, initial=initial)
    areas = by.area_prefixes(May.RAISE_UNOWNED)
    as_field(form.fields["owner"]).queryset = in_the_city(areas[0] if areas else "")
    return form


def post_over(by: Actor, area_code: str) -> HeldPost:
    """The post under which `by` keeps the register where the place lies. Raises Refused `area_not_yours`."""
    for post in by.posts_with(May.RAISE_UNOWNED):
        if post.rule_scope is Scope.AREA and post.covers(area_code):
            return post
    raise Refused(
        "area_not_yours",
        _("This place lies outside the area that you may register for."),
        field="area",
    )


def place(enclave: Enclave, given: Mapping[str, Any]) -> None:
    """Put facts and place on the enclave, unsaved."""
    for name in _PLAIN:
        setattr(enclave, name, given[name])
    enclave.owner_code = enclave.owner.area_code
    if given["boundary"] is not None:
        _bound(enclave, given["boundary"])
    if given["lon"] is not None:
        enclave.lon, enclave.lat = given["lon"], given["lat"]
    enclave.area_code = _grid_at(enclave) or given["area"]
    check_place(enclave)
    enclave.manager = governing(enclave.area_code, but=enclave.owner_id)


def _grid_at(enclave: Enclave) -> str | None:
    """The grid under its point."""
    if enclave.lon is None or enclave.lat is None:
        return None
    return locate(enclave.lon, enclave.lat).grid_code


def _bound(enclave: Enclave, shape: Any) -> None:
    """Its boundary and box; a point inside of it, unless another is given."""
    enclave.boundary = shapely.to_wkb(shape)
    enclave.min_lon, enclave.min_lat, enclave.max_lon, enclave.max_lat = shape.bounds
    inside = shape.representative_point()
    enclave.lon, enclave.lat = round(inside.x, 6), round(inside.y, 6)


def check_place(enclave: Enclave) -> None:
    """Raise Refused where the place is nowhere, or belongs to whoever is there anyway."""
    if len(enclave.area_code) < DISTRICT_DIGITS:
        raise Refused(
            "area_missing",
            _(
                "Say in which district or street it lies: mark a point inside a grid, or name the area."
            ),
            field="area",
        )
    owner_code = enclave.owner_code
    if len(owner_code) >= DISTRICT_DIGITS and enclave.area_code.startswith(owner_code):
        raise Refused(
            "owner_is_here",
            _("%(unit)s governs there anyway: this is no enclave.")
            % {"unit": enclave.owner.shown_name},
            field="owner",
        )


def governing(area_code: str, but: int | None = None) -> Organisation | None:
    """Who governs where a place lies: the office of the street, else the centre of the district (domain E6)."""
    known = Organisation.objects.filter(active=True).exclude(pk=but or 0).order_by("code")
    office = known.filter(
        area_code=area_code[:STREET_DIGITS], kind=OrganisationKind.SUBDISTRICT
    ).first()
    return (
        office
        or known.filter(area_code=area_code[:DISTRICT_DIGITS], kind=OrganisationKind.CENTRE).first()
    )


def _demand_new_reference(enclave: Enclave) -> None:
    same = Enclave.objects.filter(reference=enclave.reference).exclude(pk=enclave.pk)
    if enclave.reference and (there := same.first()):
        raise Refused(
            "reference_twice",
            _("%(number)s has this number of the former register already.")
            % {"number": there.number},
            409,
            field="reference",
        )


@ENCLAVES.effect("amend")
def amend(m: EnclaveMeeting) -> None:
    """Say the facts anew. A boundary that is not given again stays."""
    place(m.record, m.facts)
    post_over(m.by, m.record.area_code)
    _demand_new_reference(m.record)


@ENCLAVES.effect("investigate")
def investigate(m: EnclaveMeeting) -> None:
    """What was found on the spot."""
    m.record.findings = m.facts["text"]
    for name in ("population", "households", "area_m2"):
        value = m.facts[name]
        setattr(m.record, name, getattr(m.record, name) if value is None else value)


@ENCLAVES.effect("attribute")
def attribute(m: EnclaveMeeting) -> None:
    """To whom it passes, and from whom. Another attribution asks for another wording, and voids signatures."""
    enclave = m.record
    enclave.manager, enclave.owner = m.facts["manager"], m.facts["owner"]
    enclave.owner_code = enclave.owner.area_code
    check_place(enclave)
    enclave.basis = m.facts["text"]
    if enclave.handover:
        enclave.handover_version += 1
    m.data.update(unit=enclave.manager.pk, owner=enclave.owner.pk)
