"""A POST that is sent twice is done once: `Idempotency-Key`.

The answer is stored in the transaction of the effect. A process killed in between leaves neither, so the
repetition does it; a process killed after leaves both, so the repetition gets the same answer.
"""

import hashlib
import json
import re
from datetime import timedelta
from functools import partial
from typing import Any, ClassVar

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.api import caller_of
from config.models import KeptAnswer
from config.refusal import Refused

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEPT_FOR = timedelta(hours=48)
_KEPT_HEADERS = ("Location", "ETag")
_KEY = re.compile(r"[\x21-\x7e]{8,128}")


class KeyMissing(Refused):
    def __init__(self) -> None:
        super().__init__(
            "idempotency_key_missing",
            _(
                "Send the header Idempotency-Key: 8 to 128 printable characters, a new one for each deed (a UUID does)."
            ),
            400,
        )


class KeyUsedForAnother(Refused):
    def __init__(self) -> None:
        super().__init__(
            "idempotency_key_reused",
            _("This Idempotency-Key was already used for another request. Nothing was changed."),
            422,
        )


class StillBeingDone(Refused):
    headers: ClassVar[dict[str, str]] = {"Retry-After": "1"}

    def __init__(self) -> None:
        super().__init__(
            "still_being_done",
            _("The same request is being done at this moment. Ask again in a second."),
            409,
        )


class Idempotent(APIView):
    """Put before the view's other base classes: each POST needs an `Idempotency-Key` and is done once per actor.

    The same key and the same request give the kept answer, with the header `Idempotency-Replayed: true`. The
    handler runs inside a transaction; an answer of 400 or above, or an exception, rolls it back and is
    not kept, so that the request can be put right and sent again under its key.
    """

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method == "POST":
            handler = getattr(self, "post", None)
            if handler is not None:
                # dispatch() looks the handler up after this, on the instance.
                vars(self)["post"] = partial(self._once, handler)

    def _once(self, handler: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER, "")
        if not _KEY.fullmatch(key):
            raise KeyMissing
        fingerprint = fingerprint_of(request)
        caller = caller_of(request)
        holder = {"actor_kind": str(caller.kind), "actor_id": caller.id or 0}
        with transaction.atomic():
            _take_turn(holder, key)
            kept = _kept(holder, key)
            if kept is not None:
                if kept.fingerprint != fingerprint:
                    raise KeyUsedForAnother
                return _replay(kept)
            response: Response = handler(request, *args, **kwargs)
            if response.status_code >= 400:
                transaction.set_rollback(True)
            else:
                _keep(response, fingerprint, holder, key)
        return response


def fingerprint_of(request: Request) -> str:
    """SHA-256 (hex) of method, path, query and content; of an upload its content, not its packing."""
    digest = hashlib.sha256(f"{request.method}\n{request.get_full_path()}\n".encode())
    data: Any = request.data
    if request.FILES:
        for name, values in sorted(data.lists()):
            for value in values:
                content = _digest(value) if isinstance(value, UploadedFile) else str(value)
                digest.update(json.dumps([name, content]).encode())
    else:
        digest.update(json.dumps(data, sort_keys=True, default=str).encode())
    return digest.hexdigest()


def _digest(upload: "UploadedFile[Any]") -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return f"{upload.name}:{digest.hexdigest()}"


def _take_turn(holder: dict[str, Any], key: str) -> None:
    """Only one transaction at a time works under a key. Raises StillBeingDone at once; nobody waits."""
    name = f"idempotency\0{holder['actor_kind']}\0{holder['actor_id']}\0{key}"
    number = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            raise StillBeingDone


def _kept(holder: dict[str, Any], key: str) -> KeptAnswer | None:
    kept = KeptAnswer.objects.filter(**holder, key=key).first()
    if kept is not None and kept.kept_at < timezone.now() - KEPT_FOR:
        kept.delete()
        return None
    return kept


def _cipher() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.FIELD_KEYS])


def _keep(response: Response, fingerprint: str, holder: dict[str, Any], key: str) -> None:
    body = b"" if response.data is None else JSONRenderer().render(response.data)
    KeptAnswer.objects.create(
        **holder,
        key=key,
        fingerprint=fingerprint,
        status=response.status_code,
        headers={name: response[name] for name in _KEPT_HEADERS if response.has_header(name)},
        body=_cipher().encrypt(body),
        kept_at=timezone.now(),
    )


def _replay(kept: KeptAnswer) -> Response:
    body = _cipher().decrypt(bytes(kept.body))
    return Response(
        json.loads(body) if body else None,
        status=kept.status,
        headers={**kept.headers, REPLAYED: "true"},
    )


def forget_old_answers() -> int:
    """Delete the answers kept longer than 48 hours; how many."""
    deleted, _by_model = KeptAnswer.objects.filter(kept_at__lt=timezone.now() - KEPT_FOR).delete()
    return deleted
