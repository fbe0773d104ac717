"""The API of this room."""

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.serializers import Me, MeOut

_EXAMPLE = {
    "kind": "client",
    "id": 3,
    "name": "天津12345",
    "username": None,
    "language": "zh-hans",
    "posts": [
        {
            "id": 0,
            "role": "citizen",
            "role_name": "市民",
            "title": "天津12345",
            "organisation": None,
            "area_code": "120103",
            "permissions": ["incident.report"],
        }
    ],
    "acting": None,
    "permissions": ["incident.report"],
    "scopes": ["incidents:read", "incidents:write"],
}


class MeView(APIView):
    """Who is asking."""

    needs_scope = ""  # every partner system may ask who it is

    @extend_schema(
        operation_id="me",
        summary="Who is asking, under which posts, and what they may do",
        responses=MeOut,
        examples=[OpenApiExample("A partner system", _EXAMPLE, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        """The caller: posts held today, the chosen one, permissions, scopes, language."""
        user = request.user
        username = user.username if isinstance(user, User) else None
        language = getattr(request, "LANGUAGE_CODE", "")
        return Response(MeOut(Me(request.actor, username, language)).data)  # type: ignore[attr-defined]
