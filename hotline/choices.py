"""The closed lists of this room. Codes are stored; labels are what people read. Source: domain section 2.5."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Channel(TextChoices):
    """How somebody reached the hotline."""

    PHONE = "phone", _("Phone")
    WECHAT = "wechat", _("WeChat")
    MAIL = "mail", _("E-mail")
    LETTER = "letter", _("Letter")
    BOARD = "board", _("Message board")
    PARTNER = "partner", _("Partner system")


class State(TextChoices):
    """How far a hotline order has come."""

    RECEIVED = "received", pgettext_lazy("state of a hotline order", "Waits for the hotline")
    ANSWERED_DIRECTLY = "answered_direct", _("Answered directly")
    OTHER_WAY = "other_way", _("Settled another way")
    DISPATCHED = "dispatched", pgettext_lazy("state of a hotline order", "Sent to the unit")
    RETURNED = "returned", pgettext_lazy("state of a hotline order", "Returned by the unit")
    ACCEPTED = "accepted", pgettext_lazy("state of a hotline order", "Accepted by the unit")
    DESIGNATED = "designated", pgettext_lazy("state of a hotline order", "Designated")
    HANDLING = "handling", pgettext_lazy("state of a hotline order", "Handled by the unit")
    EXTENDED = "extended", pgettext_lazy("state of a hotline order", "Handled, time extended")
    IN_CASE = "in_case", _("Handled as a case")
    REPLIED = "replied", pgettext_lazy("state of a hotline order", "Replied, to be called back")
    VISITED = "visited", pgettext_lazy("state of a hotline order", "Called back")
    CLOSED = "closed", pgettext_lazy("state of a hotline order", "Order closed")


ENDS = frozenset({State.ANSWERED_DIRECTLY, State.OTHER_WAY, State.CLOSED})
OPEN = frozenset(State) - ENDS
# The hotline must decide where it goes.
WITH_HOTLINE = frozenset({State.RECEIVED, State.RETURNED})
# The unit has taken it on, by a word or by silence.
TAKEN_ON = frozenset({State.ACCEPTED, State.DESIGNATED, State.HANDLING, State.EXTENDED})
WITH_UNIT = TAKEN_ON | {State.DISPATCHED}


class Stage(TextChoices):
    """What has a clock."""

    DISPATCH = "order_dispatch", _("sending an order to its unit")
    RECEIVE = "order_receive", _("receiving an order")
    RETURN = "order_return", _("returning an order")
    HANDLE = "order_handle", _("handling an order")
    VISIT = "order_visit", _("calling back")


class Way(TextChoices):
    """The six ways other than normal handling."""

    URGENT_LINE = "urgent_line", _("Handed to an emergency line")
    STATUTORY = "statutory", _("Statutory route, or in petition already: told where")
    REPEAT = "repeat", _("Repeat with nothing new: told how far it is")
    SECRET = "secret", _("State secret, trade secret or privacy: explained")
    BEYOND_REMIT = "beyond_remit", _("Beyond the government's remit: guided")
    DISSUADED = "dissuaded", _("Immoral or illegal demand: dissuaded")


class Line(TextChoices):
    """Emergency lines that 12345 does not replace."""

    POLICE = "110", _("110 police")
    FIRE = "119", _("119 fire")
    AMBULANCE = "120", _("120 ambulance")
    TRAFFIC = "122", _("122 traffic accidents")


class Decision(TextChoices):
    """What becomes of an order at the moment at which it is taken in."""

    KEEP = "keep", _("Keep it: the hotline decides later")
    ANSWER = "answer", _("Answered on the spot")
    DISPATCH = "dispatch", _("Send to a unit")
    CASE = "to_case", _("Somebody must go and look: make it a case")
    OTHER_WAY = "other_way", _("Another way")


class Extension(TextChoices):
    """Whether the unit has asked for more time; once."""

    NONE = "", _("Not asked")
    ASKED = "asked", _("Asked for more time")
    GRANTED = "granted", _("More time granted")
    REFUSED = "refused", _("More time refused")


class Satisfaction(TextChoices):
    SATISFIED = "satisfied", pgettext_lazy("of a caller", "Satisfied")
    BASICALLY = "basically", pgettext_lazy("of a caller", "Basically satisfied")
    DISSATISFIED = "dissatisfied", pgettext_lazy("of a caller", "Not satisfied")


class CallState(TextChoices):
    RINGING = "ringing", _("Ringing")
    ANSWERED = "answered", pgettext_lazy("of a call", "Answered")
    ENDED = "ended", pgettext_lazy("of a call", "Rung off before anybody answered")


# --- learning -------------------------------------------------------------------


class Purpose(TextChoices):
    """What a model is for."""

    ITEMS = "items", _("Item from the text")
    UNITS = "units", _("Unit from item and place")
    TOPICS = "topics", _("Topic from the text")


class RunState(TextChoices):
    """How a training stands, or how it ended."""

    ASKED = "asked", pgettext_lazy("of a training", "Waiting")
    RUNNING = "running", _("Running")
    KEPT = "kept", _("New model in use")
    WORSE = "worse", _("Old model kept")
    TOO_FEW = "too_few", _("Too few cases")
    FAILED = "failed", _("Failed")
    BROKEN = "broken", _("Broken off")
