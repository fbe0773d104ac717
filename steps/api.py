"""The API's face of a table of steps: what may be done now, what happened, and one address for each step."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.exceptions import ParseError, PermissionDenied
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import Actor
from accounts.roles import May
from config.etags import check_if_match, etag_of
from config.idempotency import Idempotent
from steps.door import Door
from steps.history import timeline
from steps.models import Moving
from steps.schema import serializer_of
from steps.serializers import LineOut, OfferOut


def actor_of(request: Request) -> Actor:
    """Who asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def demand(request: Request, *allowed: May) -> Actor:
    """The caller, who holds one of the permissions somewhere. Raises PermissionDenied (403)."""
    actor = actor_of(request)
    if not any(actor.posts_with(may) for may in allowed):
        raise PermissionDenied
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
    """The ETag of a record as it is now."""
    return etag_of(door.subject, record.pk, record.version)


def version_given(request: Request, etag_now: str, version: int) -> int | None:
    """The version over which the caller writes: the present one, which `If-Match` names, or None for `*`. Raises where
    it names another (412)."""
    check_if_match(request, etag_now)
    return None if request.headers.get("If-Match", "").strip() == "*" else version


def answered(
    door: Door[Any, Any], record: Moving, body: Any, *, at: str = "", status: int = 200
) -> Response:
    """The record as `body` with its ETag and, where it has one, its address: `at` (below `/api/v1/`) and its number."""
    headers = {"ETag": etag(door, record)}
    if at:
        headers["Location"] = f"/api/v1/{at}/{record.number}"
    return Response(body, status=status, headers=headers)


Answer = Callable[[Request, Any], Response]
Listed = TypeVar("Listed", bound=Model)


class RecordList(ListAPIView[Listed]):
    """Records in scope. `readers`: whoever holds one of these permissions anywhere may ask (none: everybody); what
    they see of it `in_scope` says."""

    model: type[Listed]
    readers: tuple[May, ...] = ()

    def in_scope(self, actor: Actor) -> QuerySet[Listed]:
        """What this caller sees, read as the list needs it."""
        raise NotImplementedError

    def get_queryset(self) -> QuerySet[Listed]:
        if getattr(self, "swagger_fake_view", False):
            return self.model._default_manager.none()
        if self.readers:
            demand(self.request, *self.readers)
        return self.in_scope(actor_of(self.request))


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
        version = version_given(request, etag(self.door, record), record.version)
        done = self.door.take(
            self.step,
            number=number,
            by=actor_of(request),
            now=timezone.now(),
            version=version,
            facts=facts_of(request),
        )
        return type(self).answer(request, done)


def detail_view(
    door: Door[Any, Any], *, tag: str, scope: str, of: str, answer: Answer, responses: Any
) -> type[APIView]:
    """A view of one record. `of` names it (`a campaign`); `answer` and `responses` as for `step_views`."""

    class Detail(APIView):
        """One record."""

        needs_scope = scope

        @extend_schema(
            operation_id=f"{tag}_read",
            summary=f"{of[:1].upper()}{of[1:]}",
            responses=responses,
        )
        def get(self, request: Request, number: str) -> Response:
            """Send its `ETag` back in `If-Match` when you take a step; `*` takes it whatever the version."""
            return answer(request, seen(door, request, number))

    return Detail


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


Lines = Callable[[Any, Actor], Any]


def timeline_view(
    door: Door[Any, Any], *, tag: str, scope: str, of: str, lines: Lines | None = None
) -> type[APIView]:
    """A view of what happened to a record. `of` names it (`a case`); `lines` gives what the actor may read (None:
    everything)."""

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
            record = seen(door, request, number)
            found = (
                lines(record, actor_of(request)) if lines else timeline((door.subject, record.pk))
            )
            return Response(LineOut(found, many=True).data)

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


def addresses(
    at: str,
    name: str,
    steps: Mapping[str, type[StepView]],
    *,
    detail: type[APIView],
    offers: type[APIView] | None = None,
    timeline: type[APIView] | None = None,
) -> list[URLPattern]:
    """The addresses of one kind of record: itself, its steps now, its timeline, and each step. `at` is where they lie,
    the number follows; `name` begins their names (`api_whistle` → `api_whistle_steps`, `api_whistle_step_sign`)."""
    one = f"{at}/<str:number>"
    below = {"": detail, "steps": offers, "timeline": timeline}
    reads = [
        path(f"{one}/{part}".rstrip("/"), view.as_view(), name=f"{name}_{part}".rstrip("_"))
        for part, view in below.items()
        if view is not None
    ]
    return reads + [
        path(f"{one}/steps/{code}", view.as_view(), name=f"{name}_step_{code}")
        for code, view in steps.items()
    ]
