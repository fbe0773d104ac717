"""Writing only over the version that was seen: ETag on reading, If-Match on writing."""

from typing import Any

from django.http.request import HttpHeaders
from django.utils.translation import gettext_lazy as _

from config.refusal import Refused


class _HasHeaders:
    headers: HttpHeaders


class VersionMissing(Refused):
    """428: a write must say which version was seen."""

    def __init__(self) -> None:
        super().__init__(
            "if_match_missing",
            _(
                "Send the header If-Match with the ETag that you read, so that nobody's work is overwritten."
            ),
            428,
        )


class VersionChanged(Refused):
    """412: somebody changed the record after it was read."""

    def __init__(self) -> None:
        super().__init__(
            "version_changed",
            _(
                "The record changed after you read it. Nothing was changed; read it again and decide anew."
            ),
            412,
        )


def etag_of(kind: str, pk: int | str, version: int | str) -> str:
    """The ETag, with its quotes, of one version of one record."""
    return f'"{kind}-{pk}-{version}"'


def check_if_match(request: "_HasHeaders | Any", etag: str) -> None:
    """Pass where the request's `If-Match` names `etag` or is `*`; call it with the record locked.

    Raises VersionMissing (428) or VersionChanged (412). A weak form (`W/"…"`) counts as the same version: some
    proxies weaken ETags when they compress.
    """
    given = request.headers.get("If-Match", "").strip()
    if not given:
        raise VersionMissing
    names = {name.strip().removeprefix("W/") for name in given.split(",")}
    if "*" not in names and etag not in names:
        raise VersionChanged
