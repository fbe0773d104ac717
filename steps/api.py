"""The API's face of a table of steps: what may be done now, what happened, and one address for each step."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import Actor
from config.etags import check_if_match, etag_of
from config.idempotency import Idempotent
from steps.door import Door
from steps.models import Moving
from steps.schema import serializer_of
from steps.serializers import LineOut, OfferOut


def actor_of(request: Request) -> Actor:
    """Who asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def facts_of(request: Request) -> Mapping[str, Any]:
    """The facts that were sent. Raises ParseError where they are a list or a bare value."""
    if not isinstance(request.data, Mapping):
        raise ParseError(_("Send the facts of the step as one JSON object."))
    return request.data


def seen(door: Door[Any, Any], request: Request, number: str) -> Any:
    """The record where the caller may see it. Raises Http404."""
    known = door.seen_by(actor_of(request)).select_related(*door.related)
    found = known.filter(number=number).first()
    if found is None:
        raise Http404
    return found


def etag(door: Door[Any, Any], record: Moving) -> str:
    return etag_of(door.subject, record.pk, record.version)


Answer = Callable[[Request, Any], Response]


class StepView(Idempotent, APIView):
    """Taking one step; `step_views` makes a subclass for each row of a table."""

    needs_scope: Any
    needs_if_match = ("POST",)
    door: Door[Any, Any]
    step = ""
    answer: Answer

    def taken(self, request: Request, number: str) -> Response:
        """Take the step as the caller, over the version that `If-Match` names."""
        record = seen(self.door, request, number)
        check_if_match(request, etag(self.door, record))
        anyhow = request.headers.get("If-Match", "").strip() == "*"
        done = self.door.take(
            self.step,
            number=number,
            by=actor_of(request),
            now=timezone.now(),
            version=None if anyhow else record.version,
            facts=facts_of(request),
        )
        return type(self).answer(request, done)


def offers_view(
    door: Door[Any, Any], *, tag: str, scope: str, offer: type[OfferOut] = OfferOut
) -> type[APIView]:
    """A view of what the caller may do with a record now. `scope` is what a partner needs to read."""

    class Offers(APIView):
        """What may be done with a record now."""

        needs_scope = scope

        @extend_schema(
            operation_id=f"{tag}_steps",
            summary="The steps that the caller may take now, and why not the others",
            responses=offer(many=True),
        )
        def get(self, request: Request, number: str) -> Response:
            """Allowed steps first. Each step has an address of its own below this one."""
            record = seen(door, request, number)
            offers = door.available(record, actor_of(request), timezone.now())
            return Response(offer(offers, many=True).data)

    return Offers


def timeline_view(
    door: Door[Any, Any], *, tag: str, scope: str, of: str, timeline: Callable[[Any, Actor], Any]
) -> type[APIView]:
    """A view of what happened to a record. `of` names it (`a case`); `timeline` gives the lines that the actor may
    read."""

    class Timeline(APIView):
        """What happened to a record."""

        needs_scope = scope

        @extend_schema(
            operation_id=f"{tag}_timeline",
            summary=f"What happened to {of}, the oldest first",
            responses=LineOut(many=True),
        )
        def get(self, request: Request, number: str) -> Response:
            """A reading of the journal."""
            lines = timeline(seen(door, request, number), actor_of(request))
            return Response(LineOut(lines, many=True).data)

    return Timeline


def step_views(
    door: Door[Any, Any],
    *,
    tag: str,
    answer: Answer,
    responses: Any,
    prefix: str | None = None,
    requests: Mapping[str, Any] | None = None,
    examples: Mapping[str, Any] | None = None,
) -> dict[str, type[StepView]]:
    """A view for each step that a person can take, described with the facts that it asks for.

    `tag` begins the operations' ids (`whistles` → `whistles_step_sign`); `answer` is the record as it is then, with
    its ETag; `responses` is what documents it. `prefix` begins the names of the facts (None: the tag does);
    `requests` documents the facts of steps whose form cannot tell, and `examples` shows some.
    """
    said = _Said(tag, tag if prefix is None else prefix, responses, requests or {}, examples or {})
    return {
        code: _step_view(door, code, answer, said)
        for code, step in door.table.items()
        if step.hands
    }


@dataclass(frozen=True)
class _Said:
    """What the description of the steps' addresses says."""

    tag: str
    prefix: str
    responses: Any
    requests: Mapping[str, Any]
    examples: Mapping[str, Any]

    def name(self, code: str) -> str:
        return "".join(part.title() for part in f"{self.prefix}_{code}".split("_"))

    def request(self, code: str, form: Any) -> Any:
        facts = serializer_of(f"{self.name(code)}Facts", form)
        return self.requests.get(code) or (facts if facts().fields else None)

    def shown(self, code: str) -> list[OpenApiExample]:
        known = code in self.examples
        return [OpenApiExample("Facts", self.examples[code], request_only=True)] if known else []


def _step_view(door: Door[Any, Any], code: str, answer: Answer, said: _Said) -> type[StepView]:
    step = door.table[code]
    described = extend_schema(
        operation_id=f"{said.tag}_step_{code}",
        summary=str(step.label),
        description=f"From {', '.join(sorted(step.sources))} to {step.leads_to}. {step.why}",
        request=said.request(code, door.forms[code]),
        responses=said.responses,
        examples=said.shown(code),
    )

    @described
    def post(self: StepView, request: Request, number: str) -> Response:
        """Take the step on the version that was seen. 412 where somebody was first."""
        return self.taken(request, number)

    body = {
        "door": door,
        "step": code,
        "post": post,
        "answer": staticmethod(answer),
        "needs_scope": door.write_scope,
        "__doc__": step.why or str(step.label),
    }
    return type(f"{said.name(code)}Step", (StepView,), body)
