"""How the events of this room are told, in timelines, the audit log and people's bells."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from escalation.models import EscalationRule
from journal.wording import register, register_subject
from notices import wording as notices


def _rules(ids: Collection[Any]) -> dict[Any, str]:
    wanted = [int(one) for one in ids if str(one).isdecimal()]
    return {str(rule.pk): rule.shown_name for rule in EscalationRule.objects.filter(pk__in=wanted)}


register_subject("escalation_rule", _("Ladder rule"), names=_rules)

register(
    "escalation.reminded",
    _("Reminded by the ladder: %(stage)s, due %(due)s"),
    icon="bell",
    tone="amber",
)
register(
    "escalation.urged",
    _("Urged by the ladder: %(stage)s, due %(due)s"),
    icon="bell-ringing",
    tone="amber",
)
register(
    "escalation.told",
    _("Unit's leader and commander told by the ladder: %(stage)s, due %(due)s"),
    icon="speakerphone",
    tone="red",
)
register(
    "escalation.ordered",
    _("Supervision order opened by the ladder: %(stage)s"),
    icon="gavel",
    tone="red",
)
register(
    "escalation.stood",
    _("To be moved up by the ladder, but with the level already: %(level)s"),
    icon="stairs",
)
register(
    "escalation.failed",
    _("A rung of the ladder could not be done (%(stage)s, rung %(rung)s); it is tried again"),
    icon="alert-triangle",
    tone="red",
)
register("escalation.tried_again", _("Ladder tried again by hand"), icon="refresh")
register("escalation_rule.added", _("Ladder rule written: %(name)s"), icon="stairs")
register("escalation_rule.changed", _("Ladder rule changed"), icon="stairs")

notices.register(
    "ladder.remind",
    _("Reminder, %(stage)s due %(due)s: case %(number)s, %(item)s"),
    icon="bell",
    tone="amber",
)
notices.register(
    "ladder.urge",
    _("You are urged, %(stage)s due %(due)s: case %(number)s, %(item)s"),
    icon="bell-ringing",
    tone="red",
)
notices.register(
    "ladder.tell",
    _("Not done in time by %(unit)s, %(stage)s was due %(due)s: case %(number)s, %(item)s"),
    icon="speakerphone",
    tone="red",
)
notices.register(
    "ladder.late",
    _(
        "%(stage)s was due %(due)s: case %(number)s, %(item)s. %(missed)s earlier reminders are not repeated"
    ),
    icon="bell-ringing",
    tone="red",
)
notices.register(
    "ladder.failed",
    _(
        "A rung of the ladder of case %(number)s (%(stage)s) could not be done; look what stands against it"
    ),
    icon="alert-triangle",
    tone="red",
)
