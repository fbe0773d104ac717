"""Suggestions for the pickers: <option> elements for a piece of a code or a name."""

from django.db.models import Q
from django.http import HttpResponse
from django.utils.html import format_html_join
from django.views.decorators.http import require_safe

from accounts import area_names
from accounts.authority import prefixes
from accounts.middleware import ActorRequest
from accounts.pages.gate import only
from accounts.pickers import written
from accounts.visible import ADMINISTERING, organisations_visible_to

MOST = 20


@require_safe
@only(*ADMINISTERING)
def organisation_options(request: ActorRequest) -> HttpResponse:
    """Active organisations that the administrator sees."""
    text = _typed(request)
    rows = organisations_visible_to(request.actor).filter(active=True)
    found = rows.filter(
        Q(code__istartswith=text) | Q(name__icontains=text) | Q(name_en__icontains=text)
    )
    return _options([(row.code, row.shown_name) for row in found[:MOST]])


@require_safe
@only(*ADMINISTERING)
def area_options(request: ActorRequest) -> HttpResponse:
    """Areas that the administrator serves."""
    return _options(
        area_names.search(_typed(request), prefixes(request.actor, *ADMINISTERING), MOST)
    )


def _typed(request: ActorRequest) -> str:
    """What stands in the picker, whatever its name is; of a finished choice only the code."""
    text = str(next(iter(request.GET.values()), "")).strip()[:120]
    code, _blank, name = text.partition(" ")
    return code if name and code[:1].isalnum() else text


def _options(found: list[tuple[str, str]]) -> HttpResponse:
    values = ((written(code, name),) for code, name in found)
    return HttpResponse(format_html_join("", '<option value="{}"></option>', values))
