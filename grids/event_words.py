"""How the doings of this room are told in timelines and in the audit log."""

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from grids.models import Area, Duty
from grids.queries import area_names
from journal.wording import register, register_names, register_subject


def _areas(codes: Collection[Any]) -> Mapping[Any, str]:
    names = area_names([str(code) for code in codes])
    return {code: f"{names[code]} ({code})" for code in names}


def _people(ids: Collection[Any]) -> Mapping[Any, str]:
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "name"))


def _duties(codes: Collection[Any]) -> Mapping[Any, str]:
    return {duty.value: str(duty.label) for duty in Duty if duty.value in codes}


def _find(text: str) -> str | None:
    code = text.strip()
    return code if Area.objects.filter(code=code).exists() else None


register_subject("area", _("Area"), names=_areas, find=_find)
register_names("person", _people)
register_names("duty", _duties)
for _fact in ("successor", "split_from", "merged_from"):
    register_names(_fact, _areas)

register("area.added", _("Taken into the register"), icon="plus", tone="brand")
register("area.renamed", _("Renamed from %(former)s to %(name)s"), icon="edit")
register("area.described", _("Description changed"), icon="edit")
register("area.boundary_imported", _("Border taken from %(file)s"), icon="polygon", tone="brand")
register("area.boundary_made", _("Synthetic border made"), icon="polygon")
register("area.boundary_changed", _("Border redrawn: %(area_m2)s m²"), icon="polygon", tone="brand")
register("area.drawn", _("Drawn: grid founded"), icon="polygon", tone="green")
register("area.split", _("Split into %(successors)s"), icon="scissors", tone="amber")
register("area.merged", _("Merged into %(successors)s"), icon="arrows-join", tone="amber")
register("area.retired", _("Retired in favour of %(successors)s"), icon="archive", tone="amber")
register("staffing.assigned", _("%(person)s became %(duty)s"), icon="user-check", tone="brand")
register("staffing.ended", _("%(person)s is no longer %(duty)s"), icon="user-off")
register("staffing.exported", _("Grid staffing exported: %(rows)s rows"), icon="file-export")
