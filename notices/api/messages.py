"""One's own messages and how one is told; and what was given up, for the security administrator."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import Actor
from accounts.roles import May
from config.etags import check_if_match, etag_of
from config.idempotency import Idempotent
from notices import mark_read as reading
from notices.delivery.resending import given_up, resend
from notices.models import Notice, Preference
from notices.preferences import Wishes, choose, preference_of
from notices.querysets import unread, visible_to
from notices.serializers import (
    NoticeOut,
    PreferenceIn,
    PreferenceOut,
    ReadIn,
    ReadOut,
    UndeliveredOut,
)
from notices.wording import lines

_UNREAD = OpenApiParameter("unread", bool, description="`true`: only those not read.")


def _actor(request: Request) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


class NoticeList(ListAPIView[Notice]):
    """One's own messages, the newest first; `?unread=true` only those not read."""

    serializer_class = NoticeOut
    ordering_fields = (("id", "desc"),)
    own_parameters = ("unread",)

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Notice.objects.none()
        if self.request.query_params.get("unread") == "true":
            return unread(_actor(self.request))
        return visible_to(_actor(self.request))

    def paginate_queryset(self, queryset: Any) -> Any:
        """One page; the names in all its sentences are looked up together."""
        found = super().paginate_queryset(queryset)
        self._texts = {line.notice.pk: line.text for line in lines(found or ())}
        return found

    def get_serializer_context(self) -> dict[str, Any]:
        """With the sentences of the page."""
        return {**super().get_serializer_context(), "texts": getattr(self, "_texts", {})}

    @extend_schema(operation_id="notices_list", summary="One's own messages", parameters=[_UNREAD])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What the bell shows."""
        return super().get(request, *args, **kwargs)


class NoticeRead(Idempotent, APIView):
    """Marking one message."""

    @extend_schema(
        operation_id="notices_read",
        summary="Mark a message as read",
        request=None,
        responses=NoticeOut,
    )
    def post(self, request: Request, pk: int) -> Response:
        """Marked already is no error."""
        notice = visible_to(_actor(request)).filter(pk=pk).first()
        if notice is None:
            raise Http404
        reading.mark_read(notice, by=_actor(request), now=timezone.now())
        notice.refresh_from_db()
        return Response(NoticeOut(notice).data)


class NoticeReadAll(Idempotent, APIView):
    """Marking all messages."""

    @extend_schema(
        operation_id="notices_read_all",
        summary="Mark all messages up to one as read",
        request=ReadIn,
        responses=ReadOut,
    )
    def post(self, request: Request) -> Response:
        """What came in after `newest` stays unread."""
        given = ReadIn(data=request.data)
        given.is_valid(raise_exception=True)
        newest = given.validated_data["newest"]
        count = reading.mark_all_read(newest, by=_actor(request), now=timezone.now())
        return Response(ReadOut({"count": count}).data)


class PreferenceView(APIView):
    """How one is told."""

    @extend_schema(
        operation_id="notices_preferences",
        summary="How one is told, beside the bell",
        responses=PreferenceOut,
    )
    def get(self, request: Request) -> Response:
        """What holds now; send the `ETag` back in `If-Match` to change it."""
        return _preference(preference_of(_actor(request)))

    @extend_schema(
        operation_id="notices_preferences_choose",
        summary="Choose how one is told",
        request=PreferenceIn,
        responses=PreferenceOut,
    )
    def put(self, request: Request) -> Response:
        """Channels for each seriousness, quiet hours, and where mail goes."""
        kept = preference_of(_actor(request))
        check_if_match(request, _etag(kept))
        given = PreferenceIn(data=request.data)
        given.is_valid(raise_exception=True)
        wishes = Wishes(**given.validated_data)
        return _preference(
            choose(wishes, version=kept.version, by=_actor(request), now=timezone.now())
        )


def _etag(kept: Preference) -> str:
    return etag_of("preference", kept.pk, kept.version)


def _preference(kept: Preference) -> Response:
    return Response(PreferenceOut(kept).data, headers={"ETag": _etag(kept)})


class UndeliveredList(ListAPIView[Notice]):
    """Messages that were given up."""

    serializer_class = UndeliveredOut
    ordering_fields = (("id", "desc"),)

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Notice.objects.none()
        if not _actor(self.request).posts_with(May.MANAGE_POLICIES):
            raise PermissionDenied
        return given_up(_actor(self.request))

    @extend_schema(operation_id="notices_undelivered", summary="Messages that were given up")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """For people of the caller's areas, the newest first."""
        return super().get(request, *args, **kwargs)


class UndeliveredResend(Idempotent, APIView):
    """Having one sent again."""

    @extend_schema(
        operation_id="notices_resend",
        summary="Have a message sent again",
        request=None,
        responses={204: None},
    )
    def post(self, request: Request, pk: int) -> Response:
        """It is tried over a new window, under a new idempotency key. 409 where somebody was first."""
        actor = _actor(request)
        if not actor.posts_with(May.MANAGE_POLICIES):
            raise PermissionDenied
        notice = given_up(actor).filter(pk=pk).first()
        if notice is None:
            raise Http404
        resend(notice.pk, by=actor, now=timezone.now())
        return Response(status=204)
