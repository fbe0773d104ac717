"""The ways out of this installation. Each sends one message, or says whether trying again is worth it."""

from collections.abc import Callable
from dataclasses import dataclass

from notices.choices import Channel


@dataclass(frozen=True, kw_only=True)
class Message:
    """What leaves. `key` is the same at each attempt; `text` holds no personal data; `link` is absolute or ""."""

    key: str
    to: str
    text: str
    link: str
    kind: str
    seriousness: str
    count: int
    language: str


class TryAgain(Exception):
    """It may work later. `after` is how many seconds the other side asked to be left alone, if it said so."""

    def __init__(self, why: str, after: float | None = None) -> None:
        super().__init__(why)
        self.after = after


class Never(Exception):
    """It will not work however often it is tried."""


Send = Callable[[Message], None]


def sender(channel: Channel) -> Send:
    """What sends on `channel`; it raises TryAgain or Never."""
    from notices.channels import gateway, mail

    return {Channel.EMAIL: mail.send, Channel.GATEWAY: gateway.send}[channel]
