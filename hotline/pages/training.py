"""How suggestions learn: the trainings with their figures, one with its confusion, and asking for one."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.middleware import ActorRequest
from accounts.pages.gate import only
from accounts.roles import May
from config.pages import page, slice_of
from config.paging import Ordering
from config.refusal import Refused
from hotline.choices import Purpose
from hotline.suggesting.asking import NIGHTLY, ask_for_training, runs_for
from hotline.suggesting.reading import Report, in_use

NEWEST_FIRST: Ordering = (("id", "desc"),)
manages = only(May.MANAGE_CATALOGUE)


@require_safe
@manages
def trainings(request: ActorRequest) -> HttpResponse:
    """What is in use, and every training, the newest first."""
    context = {
        "slice": slice_of(request, runs_for(request.actor), NEWEST_FIRST),
        "in_use": in_use(),
        "purposes": [(purpose.value, purpose.label) for purpose in NIGHTLY],
    }
    return page(request, "hotline/trainings.html#trainings", context)


@require_safe
@manages
def training(request: ActorRequest, pk: int) -> HttpResponse:
    """The report of one training; while it runs, how far it is."""
    run = runs_for(request.actor).filter(pk=pk).first()
    if run is None:
        raise Http404
    return page(request, "hotline/training.html#training", {"run": run, "report": Report(run)})


@require_POST
@manages
def start(request: ActorRequest) -> HttpResponse:
    """Ask for a training, and lead to its report."""
    wanted = request.POST.get("purpose", "")
    if wanted not in Purpose.values:
        raise Http404
    try:
        run = ask_for_training(purpose=Purpose(wanted), by=request.actor, now=timezone.now())
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect("hotline:trainings")
    messages.success(request, _("The training begins in seconds."))
    return redirect("hotline:training", run.pk)
