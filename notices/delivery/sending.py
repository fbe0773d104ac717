"""Sending what is due: claimed and committed first, sent outside of any transaction, marked afterwards.

A worker killed before it sends has sent nothing; one killed before it marks has sent a message that the next one
sends again under the same key. So each message arrives at least once, and the other side can drop the repeat.
"""

import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext, override

from notices import wording
from notices.channels import Message, Never, Send, TryAgain, sender
from notices.choices import Channel, Delivery
from notices.delivery.claiming import AT_ONCE, claim, still_mine
from notices.delivery.pauses import LONGEST, pause
from notices.models import Notice, Preference

log = logging.getLogger(__name__)


def deliver(channel: Channel, now: datetime) -> int:
    """Send one batch of what is due on `channel`; how many messages were tried. Call again until it returns 0."""
    claimed = claim(channel, now)
    if not claimed:
        return 0
    send = sender(channel)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        running = dict(_started(pool, send, claimed, now))
        for done in as_completed(running):
            _settle(running[done], done.exception(), now)
    return len(claimed)


def _started(
    pool: ThreadPoolExecutor, send: Send, claimed: Sequence[Notice], now: datetime
) -> Iterator[tuple["Future[None]", Notice]]:
    for head in claimed:
        message = _written(head)
        if message is None:
            _settle(head, Never(gettext("Nobody to send it to any more.")), now)
        else:
            yield pool.submit(send, message), head


def _written(head: Notice) -> Message | None:
    """The message in the recipient's language; None where the account is off or has no address left."""
    person, count = head.recipient, head.count  # type: ignore[attr-defined]
    to = _address(head)
    if not person.is_active or not to:
        return None
    with override(person.language or settings.LANGUAGE_CODE):
        many = count > 1
        text = wording.combined(head.kind, count) if many else wording.lines([head])[0].text
        link = f"/notices/?kind={head.kind}" if many else f"/notices/{head.pk}/"
        return Message(
            key=head.key,
            to=to,
            text=text,
            link=f"{settings.PUBLIC_URL}{link}" if settings.PUBLIC_URL else "",
            kind=head.kind,
            seriousness=wording.wording_of(head.kind).seriousness,
            count=count,
            language=person.language or settings.LANGUAGE_CODE,
        )


def _address(head: Notice) -> str:
    if head.channel == Channel.GATEWAY:
        phone: str = head.recipient.phone
        return phone
    chosen: Preference | None = getattr(head.recipient, "notice_preference", None)
    return chosen.email if chosen else ""


@transaction.atomic
def _settle(head: Notice, error: BaseException | None, now: datetime) -> None:
    """Write down what became of a message, unless another worker has taken it over."""
    message = still_mine(head)
    if error is None:
        message.update(state=Delivery.SENT, sent_at=now, next_try_at=None, last_error="")
        return
    if not isinstance(error, TryAgain | Never):
        log.error("a notice could not be sent", exc_info=error)
    said = str(error)[:200] or type(error).__name__
    if isinstance(error, Never) or _over(head, now):
        message.update(state=Delivery.DEAD, next_try_at=None, last_error=said)
    else:
        message.update(state=Delivery.WAITING, next_try_at=_next(head, error, now), last_error=said)


def _over(head: Notice, now: datetime) -> bool:
    """Whether the window in which it is tried has passed."""
    began = head.first_tried_at or now
    return now - began >= timedelta(hours=settings.NOTICE_RETRY_HOURS)


def _next(head: Notice, error: BaseException, now: datetime) -> datetime:
    asked = timedelta(seconds=getattr(error, "after", None) or 0)
    return now + max(pause(head.attempts), min(asked, LONGEST))
