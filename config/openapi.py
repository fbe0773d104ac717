"""The API's description: what every operation has in common is written here once.

Beside what the serializers say, each operation gets its error answers, its headers (`Idempotency-Key`,
`If-Match`), its scopes and a tag after the first word of its path.
"""

from collections.abc import Collection
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import Direction
from oauth2_provider.scopes import get_scopes_backend

from config.api import ActorRequired, scope_needed
from config.idempotency import HEADER, REPLAYED, Idempotent
from config.problems import MEDIA_TYPE, TITLES

Json = dict[str, Any]

_TEXT: Json = {"type": "string"}
PROBLEM: Json = {
    "type": "object",
    "description": "RFC 9457 problem details, in the language of Accept-Language.",
    "required": ["type", "title", "status", "detail", "code", "instance"],
    "properties": {
        "type": {"type": "string", "format": "uri", "examples": ["urn:yiwang:problem:invalid"]},
        "title": _TEXT,
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "What is wrong, and what was kept."},
        "code": {"type": "string", "description": "Stable: for programs to decide by."},
        "instance": {
            "type": "string",
            "description": "The address; for an unexpected fault the id it is logged under.",
        },
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message", "code"],
                "properties": {
                    "field": {
                        "type": "string",
                        "description": "A path with dots; '' is the whole.",
                    },
                    "message": _TEXT,
                    "code": _TEXT,
                },
            },
        },
        "kept": {"type": "object", "description": "What was kept of what was sent."},
    },
}

_IDEMPOTENCY_KEY: Json = {
    "name": HEADER,
    "in": "header",
    "required": True,
    "description": "A new one for each deed, the same when the request is sent again; kept for 48 hours.",
    "schema": {
        "type": "string",
        "pattern": r"^[\x21-\x7e]{8,128}$",
        "minLength": 8,
        "maxLength": 128,
    },
    "example": "0b7f6c1e-6a57-4c0f-9d7e-0a5a3d1c2b4f",
}
_IF_MATCH: Json = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The ETag of the version that you read.",
    "schema": _TEXT,
    "example": '"incident-1207-3"',
}
_REPLAYED: Json = {
    "description": "`true` where this is the kept answer to an earlier request under the same key.",
    "schema": _TEXT,
}


class Schema(AutoSchema):
    """Describes a view. Beyond drf-spectacular it reads from the view:

    `needs_scope` (see `config/api.py`), the base class `Idempotent`, and `needs_if_match`: the methods that demand
    `If-Match` (by default PUT, PATCH and DELETE).
    """

    def get_tags(self) -> list[str]:
        words = [word for word in self.path.removeprefix("/api/v1/").split("/") if word]
        return words[:1] or ["api"]

    def _get_parameters(self) -> list[Json]:
        parameters: list[Json] = super()._get_parameters()
        if self._is_idempotent():
            parameters.append(_IDEMPOTENCY_KEY)
        if self._needs_if_match():
            parameters.append(_IF_MATCH)
        return parameters

    def _get_response_bodies(self, direction: Direction = "response") -> Json:
        responses: Json = super()._get_response_bodies(direction)
        if self._is_idempotent():
            for code, response in responses.items():
                if code.startswith("2"):
                    response.setdefault("headers", {})[REPLAYED] = _REPLAYED
        for status in self._errors():
            responses.setdefault(str(status), self._problem(status))
        return dict(sorted(responses.items()))

    def _get_serializer_field_meta(self, field: Any, direction: Direction) -> Json:
        meta: Json = super()._get_serializer_field_meta(field, direction)  # type: ignore[no-untyped-call]
        if meta.get("default") == "":
            del meta["default"]  # it says nothing, and contradicts minLength
        return meta

    def _is_idempotent(self) -> bool:
        return self.method == "POST" and isinstance(self.view, Idempotent)

    def _needs_if_match(self) -> bool:
        methods: Collection[str] = getattr(self.view, "needs_if_match", ("PUT", "PATCH", "DELETE"))
        return self.method in methods

    def _errors(self) -> list[int]:
        """The statuses that this operation can answer beside its own."""
        writes = self.method in ("POST", "PUT", "PATCH", "DELETE")
        guarded = any(isinstance(p, ActorRequired) for p in self.view.get_permissions())
        return [
            400,
            *([401, 403] if guarded else []),
            *([404] if "{" in self.path else []),
            *([409, 422] if writes else []),
            *([412, 428] if self._needs_if_match() else []),
            429,
            500,
        ]

    def _problem(self, status: int) -> Json:
        component = ResolvedComponent(
            name="Problem", type=ResolvedComponent.SCHEMA, object="Problem", schema=PROBLEM
        )
        self.registry.register_on_missing(component)
        answer: Json = {
            "description": str(TITLES[status]),
            "content": {MEDIA_TYPE: {"schema": component.ref}},
        }
        if status == 429:
            seconds = {"description": "Seconds to wait.", "schema": {"type": "integer"}}
            answer["headers"] = {"Retry-After": seconds}
        return answer


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = "config.api.SessionUser"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> Json:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "People signed in with a browser; writing needs the header X-CSRFToken.",
        }


class PartnerScheme(OpenApiAuthenticationExtension):
    target_class = "config.api.PartnerClient"
    name = "oauth2"

    def get_security_requirement(self, auto_schema: AutoSchema) -> list[Json]:
        """The scope that the view names; nothing (people only) where it names none."""
        scope = scope_needed(auto_schema.view, auto_schema.method)
        return [] if scope is None else [{self.name: [scope] if scope else []}]

    def get_security_definition(self, auto_schema: AutoSchema) -> Json:
        scopes = get_scopes_backend().get_all_scopes()
        flow = {
            "tokenUrl": "/api/v1/oauth/token",
            "scopes": {name: str(words) for name, words in scopes.items()},
        }
        return {
            "type": "oauth2",
            "description": "Partner systems: client credentials, HTTP Basic or in the form.",
            "flows": {"clientCredentials": flow},
        }
