"""The gateway to text messages and WeCom: an HTTP service with the contract of docs/notices.md."""

import json
import time
from http import HTTPStatus

from django.conf import settings

from notices.channels import Message, Never, TryAgain
from notices.outside.addresses import Target, Unreachable, trusted
from notices.outside.calling import Answer, Failed, post
from notices.outside.signing import signed

# The same message again would be refused again.
_NEVER = frozenset(
    {
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.GONE,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    }
)


def send(message: Message) -> None:
    """Hand one message over. Raises TryAgain, Never."""
    body = json.dumps(_body(message), ensure_ascii=False).encode()
    headers = {
        "Idempotency-Key": message.key,
        **signed([settings.GATEWAY_SECRET], int(time.time()), body),
    }
    try:
        _judge(post(_target(), body, headers))
    except Failed as failed:
        raise TryAgain(str(failed)) from failed


def _body(message: Message) -> dict[str, object]:
    return {
        "id": message.key,
        "to": message.to,
        "text": message.text,
        "link": message.link,
        "kind": message.kind,
        "seriousness": message.seriousness,
        "count": message.count,
        "language": message.language,
    }


def _target() -> Target:
    if not settings.GATEWAY_URL:
        raise TryAgain("no gateway is set")
    try:
        return trusted(settings.GATEWAY_URL)
    except Unreachable as error:
        raise TryAgain(str(error)) from error


def _judge(answer: Answer) -> None:
    """2xx is sent, and so is 409: it had the key already."""
    if 200 <= answer.status < 300 or answer.status == HTTPStatus.CONFLICT:
        return
    if answer.status in _NEVER:
        raise Never(f"HTTP {answer.status}")
    raise TryAgain(f"HTTP {answer.status}", answer.retry_after)
