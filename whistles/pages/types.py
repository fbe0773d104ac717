"""Kinds of whistle, for administrators."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.middleware import ActorRequest
from accounts.pages.gate import only
from accounts.roles import May, Role
from config.pages import page
from config.refusal import SomebodyWasFirst
from whistles.choices import Stage
from whistles.models import WhistleType
from whistles.querysets import all_types, type_coded
from whistles.types import TypeForm, change_type


@login_required
@only(May.MANAGE_CATALOGUE)
@require_GET
def types(request: ActorRequest) -> HttpResponse:
    """Every kind, with its times."""
    shown = [
        (one, [one.allowance(stage) for stage in Stage], [str(Role(r).label) for r in one.blown_by])
        for one in all_types()
    ]
    return page(request, "whistles/types.html", {"types": shown})


@login_required
@only(May.MANAGE_CATALOGUE)
@require_http_methods(["GET", "POST"])
def type_edit(request: ActorRequest, code: str) -> HttpResponse:
    """Change a kind; who was overtaken is told."""
    kind, stored = type_coded(code), type_coded(code)
    if kind is None or stored is None:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form, status = TypeForm(data, instance=kind, initial={"version": kind.version}), 200
    if data is not None:
        status = _save(form, stored, request)
    if status == 302:
        messages.success(request, _("Saved: %(name)s") % {"name": form.instance.shown_name})
        return redirect("whistles:types")
    context = {"form": form, "kind": stored, "limits": [_pair(form, stage) for stage in Stage]}
    return page(request, "whistles/type_edit.html", context, status=status)


def _save(form: TypeForm, kind: WhistleType, request: ActorRequest) -> int:
    """302 where it was saved; else the status of the form that says why not."""
    if not form.is_valid():
        return 422
    facts = dict(form.cleaned_data)
    version = facts.pop("version")
    try:
        change_type(kind, by=request.actor, now=timezone.now(), version=version, **facts)
    except SomebodyWasFirst as first:
        form.add_error(None, str(first))
        return first.status
    return 302


def _pair(form: TypeForm, stage: Stage) -> tuple[object, object]:
    return form[f"{stage}_value"], form[f"{stage}_kind"]
