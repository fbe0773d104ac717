"""How the events and notices of this room are told."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from journal.wording import register, register_names, register_subject
from notices.choices import Channel, Seriousness
from notices.webhooks.failing import PAUSED
from notices.wording import label_of
from notices.wording import register as register_notice


def _channels(codes: Collection[Any]) -> dict[Any, str]:
    return {code: str(Channel(code).label) for code in codes if code in Channel.values}


def _kinds(codes: Collection[Any]) -> dict[Any, str]:
    return {code: label_of(str(code)) for code in codes}


register_subject("webhook", _("Subscription of a partner system"))
for _fact in ("channel", *Seriousness.values):
    register_names(_fact, _channels)
register_names("kind", _kinds)

register(
    "notices.preferences_chosen",
    _("Chose how to be told: ordinary %(ordinary)s, urgent %(urgent)s, danger %(danger)s"),
    icon="bell-cog",
)
register("notice.resent", _("Had a message sent again (%(channel)s)"), icon="send", tone="amber")
register("webhook.subscribed", _("%(client)s wants to be called"), icon="webhook", tone="brand")
register(
    "webhook.changed",
    _("Calls of %(client)s changed: now to %(host)s, area %(area)s"),
    icon="pencil",
    tone="amber",
)
register(
    "webhook.secret_renewed",
    _("New secret for the calls of %(client)s; the old one holds for %(hours)s hours"),
    icon="key",
    tone="amber",
)
register("webhook.ended", _("%(client)s is called no more"), icon="webhook-off", tone="red")
register("webhook.paused", _("Calls of %(client)s paused"), icon="player-pause", tone="amber")
register("webhook.resumed", _("Calls of %(client)s go on"), icon="player-play")
register("webhook.replayed", _("%(client)s hears it again from %(cursor)s"), icon="repeat")
register(
    "webhook.skipped", _("%(client)s: one event left out"), icon="player-skip-forward", tone="amber"
)
register(
    PAUSED, _("Calls of %(client)s paused by themselves: %(error)s"), icon="webhook-off", tone="red"
)
register_notice(
    PAUSED,
    _("Partner system %(client)s cannot be reached and is called no more: %(error)s"),
    icon="webhook-off",
    tone="red",
    many=_("%(count)s subscriptions of partner systems stand still"),
)
