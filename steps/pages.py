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
from config.pages import fragment_of, page, wants_fragment
from config.refusal import Refused, SomebodyWasFirst
from steps.door import Door
from steps.forms import FactsRefused, StepForm


@dataclass(frozen=True)
class StepPage:
    """How one kind of record shows its steps. `record_url` and `step_url` are names of addresses that take the number
    (and the step's code); `template` is the page, its fragment beside it (`_step.html`).

    The template finds `record`, `step`, `form`, `record_url`, `step_url` (both with their arguments filled in) and
    `fragment`, and `refused` or `first` where something stood against the step. `prefilled` names the facts that an
    address may bring along (`?unit=…`); None is any. `multipart`: files are sent beside the facts. A room whose page
    does more extends this class.
    """

    door: Door[Any, Any]
    record_url: str
    step_url: str
    template: str = "steps/step.html"
    prefilled: tuple[str, ...] | None = None
    multipart: bool = False

    def found(self, request: ActorRequest, number: str) -> Any:
        """The record where the actor may see it. Raises Http404."""
        known = self.door.seen_by(request.actor).select_related(*self.door.related)
        record = known.filter(number=number).first()
        if record is None:
            raise Http404
        return record

    def before(self, request: ActorRequest, record: Any, code: str) -> None:
        """What is done with what was sent before the step is taken. Here: nothing. May raise Refused."""

    def after(self, request: ActorRequest, record: Any, code: str) -> str:
        """Where the person goes once the step is taken. Here: to the record."""
        return reverse(self.record_url, args=[record.number])

    def brought(self, request: ActorRequest, code: str) -> dict[str, Any]:
        """The facts that the address brings along."""
        given = request.GET.dict()
        names = given if self.prefilled is None else self.prefilled
        return {name: value for name, value in given.items() if name in names}

    def more(self, request: ActorRequest, record: Any, code: str, form: StepForm) -> dict[str, Any]:
        """What else the template finds."""
        return {}

    def answer(self, request: ActorRequest, number: str, code: str) -> HttpResponse:
        """GET asks for the step's facts, POST takes it. Whatever goes wrong, what was typed comes back."""
        if code not in self.door.table:
            raise Http404
        record = self.found(request, number)
        if request.method == "GET":
            return self._ask(request, record, code)
        try:
            self.before(request, record, code)
            taken = self.door.take(
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
        target = self.after(request, taken, code)
        return HttpResponseClientRedirect(target) if wants_fragment(request) else redirect(target)

    def _ask(self, request: ActorRequest, record: Any, code: str) -> HttpResponse:
        now = timezone.now()
        self.door.demand_role(self.door.meet(record, request.actor, now), self.door.table[code])
        brought = self.brought(request, code)
        form = self.door.form_for(code, record, request.actor, now, initial=brought)
        return page(request, self.template, self._context(request, record, code, form))

    def _again(
        self, request: ActorRequest, number: str, code: str, refused: Refused
    ) -> HttpResponse:
        """The form as typed, on the record as it is now, with what stood against the step."""
        record = self.found(request, number)
        if isinstance(refused, FactsRefused):
            context = self._context(request, record, code, refused.form)
            return page(request, self.template, context, status=refused.status)
        form = self.door.form_for(code, record, request.actor, timezone.now(), request.POST)
        context = self._context(request, record, code, form)
        if isinstance(refused, SomebodyWasFirst):
            context["first"] = refused
        elif refused.field in form.fields:
            form.add_error(refused.field, str(refused))
        else:
            context["refused"] = refused
        return page(request, self.template, context, status=refused.status)

    def _context(self, request: ActorRequest, record: Any, code: str, form: Any) -> dict[str, Any]:
        return {
            "record": record,
            "step": self.door.table[code],
            "form": form,
            "record_url": reverse(self.record_url, args=[record.number]),
            "step_url": reverse(self.step_url, args=[record.number, code]),
            "multipart": self.multipart,
            "fragment": fragment_of(self.template)[1],
            **self.more(request, record, code, form),
        }


def version_seen(request: ActorRequest) -> int | None:
    """The version that the form was drawn from, or None where it names none."""
    given = request.POST.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 10 else None
