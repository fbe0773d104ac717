"""The page of one step: its form, taking it, and the form as typed where it is refused."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from accounts.middleware import ActorRequest
from config.pages import page, wants_fragment
from config.refusal import Refused, SomebodyWasFirst
from steps.door import Door
from steps.forms import FactsRefused


@dataclass(frozen=True)
class StepPage:
    """How one kind of record shows its steps. `record_url` and `step_url` are names of addresses that take the number
    (and the step's code); `template` is the page, its fragment beside it (`_step.html`).

    The template finds `record`, `step`, `form`, `record_url` and `step_url` (both with their arguments filled in), and
    `refused` or `first` where something stood against the step.
    """

    door: Door[Any, Any]
    record_url: str
    step_url: str
    template: str = "steps/step.html"

    def found(self, request: ActorRequest, number: str) -> Any:
        """The record where the actor may see it. Raises Http404."""
        known = self.door.seen_by(request.actor).select_related(*self.door.related)
        record = known.filter(number=number).first()
        if record is None:
            raise Http404
        return record

    def answer(self, request: ActorRequest, number: str, code: str) -> HttpResponse:
        """GET asks for the step's facts, POST takes it. Whatever goes wrong, what was typed comes back."""
        if code not in self.door.table:
            raise Http404
        record = self.found(request, number)
        if request.method == "GET":
            return self._ask(request, record, code)
        try:
            self.door.take(
                code,
                number=number,
                by=request.actor,
                now=timezone.now(),
                version=version_seen(request),
                facts=request.POST,
            )
        except Refused as refused:
            return self._again(request, number, code, refused)
        messages.success(request, str(self.door.table[code].label))
        target = reverse(self.record_url, args=[number])
        return HttpResponseClientRedirect(target) if wants_fragment(request) else redirect(target)

    def _ask(self, request: ActorRequest, record: Any, code: str) -> HttpResponse:
        now = timezone.now()
        self.door.demand_role(self.door.meet(record, request.actor, now), self.door.table[code])
        form = self.door.form_for(code, record, request.actor, now, initial=request.GET.dict())
        return page(request, self.template, self._context(record, code, form))

    def _again(
        self, request: ActorRequest, number: str, code: str, refused: Refused
    ) -> HttpResponse:
        """The form as typed, on the record as it is now, with what stood against the step."""
        record = self.found(request, number)
        if isinstance(refused, FactsRefused):
            context = self._context(record, code, refused.form)
        else:
            now = timezone.now()
            form = self.door.form_for(code, record, request.actor, now, request.POST)
            context = self._context(record, code, form)
            context["first" if isinstance(refused, SomebodyWasFirst) else "refused"] = refused
        return page(request, self.template, context, status=refused.status)

    def _context(self, record: Any, code: str, form: Any) -> dict[str, Any]:
        return {
            "record": record,
            "step": self.door.table[code],
            "form": form,
            "record_url": reverse(self.record_url, args=[record.number]),
            "step_url": reverse(self.step_url, args=[record.number, code]),
        }


def version_seen(request: ActorRequest) -> int | None:
    """The version that the form was drawn from, or None where it names none."""
    given = request.POST.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 10 else None
