"""A file that was checked and waits to be confirmed: kept for an hour, for the person who sent it."""

import secrets
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from config.refusal import Refused

SECONDS = 3600


@dataclass(frozen=True)
class Upload:
    """The file's name and bytes, and what was typed beside it."""

    name: str
    data: bytes
    typed: dict[str, Any] = field(default_factory=dict)


def keep(upload: Upload, *, by: Actor) -> str:
    """Keep it; the token finds it again, for the same person only."""
    token = secrets.token_urlsafe(16)
    cache.set(_key(by, token), upload, SECONDS)
    return token


def kept(token: str, *, by: Actor) -> Upload:
    """What was kept under the token. Raises Refused `upload_gone` after an hour or for somebody else's."""
    upload: Upload | None = cache.get(_key(by, token))
    if upload is None:
        raise Refused(
            "upload_gone",
            _("The checked file is not kept any more. Nothing was written; send the file again."),
            409,
            field="file",
        )
    return upload


def forget(token: str, *, by: Actor) -> None:
    """Let go of it once it was written."""
    cache.delete(_key(by, token))


def _key(by: Actor, token: str) -> str:
    return f"catalogue-upload:{by.kind}:{by.id}:{token[:40]}"
