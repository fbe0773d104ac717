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
from accounts.pages.saving import attempt, status_of
from accounts.roles import May, Role
from config.pages import page
from whistles.choices import Stage
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
    form = TypeForm(data, instance=kind, initial={"version": kind.version})
    if data is not None and form.is_valid():
        facts = dict(form.cleaned_data)
        version = facts.pop("version")
        changed = attempt(
            form,
            lambda: change_type(
                stored, by=request.actor, now=timezone.now(), version=version, **facts
            ),
        )
        if changed is not None:
            messages.success(request, _("Saved: %(name)s") % {"name": changed.shown_name})
            return redirect("whistles:types")
    context = {"form": form, "kind": stored, "limits": [_pair(form, stage) for stage in Stage]}
    return page(request, "whistles/type_edit.html", context, status=status_of(form))


def _pair(form: TypeForm, stage: Stage) -> tuple[object, object]:
    return form[f"{stage}_value"], form[f"{stage}_kind"]
