"""In the unit's hands: received, accepted or given back, others called in, more time, replied."""

from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clocks import running
from clocks.allowance import Allowance
from clocks.choices import AllowanceKind
from hotline.choices import Extension, Stage
from hotline.door import DOOR
from hotline.meeting import OrderMeeting
from hotline.models import Part
from steps.door import show_open


def _has_received(m: OrderMeeting) -> Part:
    """Whoever accepts, begins or gives back has received."""
    part = m.lead
    assert part is not None, "an order in a unit's hands has its part"
    if part.received_at is None:
        part.received_at, part.received_by_id = m.now, m.by.user_id
        part.save(update_fields=["received_at", "received_by"])
    m.data["unit"] = part.unit_id
    return part


@DOOR.guard("receive")
def received_already(m: OrderMeeting) -> Promise | None:
    """Once."""
    if m.lead is not None and m.lead.received_at is not None:
        return _("Your unit has signed for it already.")
    return None


@DOOR.effect("receive", "start")
def receive(m: OrderMeeting) -> None:
    """The unit has it; who begins has accepted."""
    _has_received(m)
    if m.step is not None and m.step.code == "start":
        m.record.accepted_at = m.record.accepted_at or m.now


@DOOR.effect("accept")
def accept(m: OrderMeeting) -> None:
    """It is the unit's matter."""
    _has_received(m)
    m.record.accepted_at = m.now


@DOOR.guard("accept_silently")
def still_time_to_return(m: OrderMeeting) -> Promise | None:
    """Only when the window has passed."""
    return None if m.window_is_over else _("The unit can still return it.")


@DOOR.effect("accept_silently")
def accept_silently(m: OrderMeeting) -> None:
    """Nobody said anything within the window. Whether it was received is another clock's matter."""
    m.record.accepted_at, m.record.accepted_silently = m.now, True
    m.data["unit"] = m.record.unit_id


@DOOR.guard("return")
def window_has_passed(m: OrderMeeting) -> Promise | None:
    """Silence is acceptance."""
    if m.window_is_over:
        return _("The time for returning it has passed: silence is acceptance.")
    return None


@DOOR.effect("return")
def give_back(m: OrderMeeting) -> None:
    """The unit holds that it is not its matter. Its handling clock runs on until the hotline has decided."""
    part = _has_received(m)
    part.returned_at = m.now
    part.save(update_fields=["returned_at"])
    m.record.return_count += 1
    m.data["count"] = m.record.return_count


@DOOR.effect("call_in")
def call_in(m: OrderMeeting) -> None:
    """The lead calls in others and goes on leading."""
    order = m.record
    for unit in m.facts["units"]:
        Part.objects.create(order=order, unit=unit, round=order.round, sent_at=m.now)
    m.data["units"] = [unit.pk for unit in m.facts["units"]]


@DOOR.effect("contribute")
def contribute(m: OrderMeeting) -> None:
    """A helper's own answer; the lead answers the caller."""
    part = m.own_part()
    assert part is not None, "the table says that a helper takes this step"
    part.received_at = part.received_at or m.now
    part.replied_at, part.reply = m.now, m.facts["text"]
    part.save(update_fields=["received_at", "replied_at", "reply"])
    m.data["unit"] = part.unit_id


@DOOR.guard("contribute")
def not_called_in(m: OrderMeeting) -> Promise | None:
    """A unit may lead the one order and help in another."""
    return None if m.own_part() is not None else _("Your unit was not called in.")


# --- more time -----------------------------------------------------------------------------------


@DOOR.guard("ask_extension")
def asked_before(m: OrderMeeting) -> Promise | None:
    """Once."""
    if m.record.extension:
        return _("More time was asked for already; a unit may ask once.")
    return None


@DOOR.guard("ask_extension", "grant_extension")
def deadline_has_passed(m: OrderMeeting) -> Promise | None:
    """What is late stays late."""
    clock = m.clocks.get(Stage.HANDLE)
    late = clock is None or (clock.due_at is not None and clock.due_at < m.now)
    return _("The deadline has passed; it cannot be moved.") if late else None


@DOOR.guard("grant_extension", "refuse_extension")
def nobody_asked(m: OrderMeeting) -> Promise | None:
    """There must be a request."""
    if m.record.extension != Extension.ASKED:
        return _("Nobody waits for an answer about more time.")
    return None


@DOOR.effect("ask_extension")
def ask_extension(m: OrderMeeting) -> None:
    """The reason is kept; the clock runs on until the hotline has answered."""
    m.record.extension, m.record.extension_days = Extension.ASKED, m.facts["days"]
    m.data.update(days=m.facts["days"], unit=m.record.unit_id)


@DOOR.effect("grant_extension")
def grant_extension(m: OrderMeeting) -> None:
    """The deadline moves by that many working days, counted from where it was."""
    order = m.record
    order.extension = Extension.GRANTED
    more = Allowance(Decimal(order.extension_days or 0), AllowanceKind.WORK_DAY)
    running.extend(
        subject=order.subject,
        stage=Stage.HANDLE,
        allowance=more,
        rule="hotline:extension",
        now=m.now,
    )
    show_open(order, order.subject)
    m.data.update(days=order.extension_days, unit=order.unit_id)


@DOOR.effect("refuse_extension")
def refuse_extension(m: OrderMeeting) -> None:
    """The deadline stays."""
    m.record.extension = Extension.REFUSED
    m.data["unit"] = m.record.unit_id


# --- done ------------------------------------------------------------------------------------------


@DOOR.effect("reply")
def reply(m: OrderMeeting) -> None:
    """What was done, and what the caller was told."""
    order = m.record
    part = _has_received(m)
    part.replied_at, part.reply = m.now, m.facts["text"]
    part.save(update_fields=["replied_at", "reply"])
    order.reply, order.replied_at = m.facts["text"], m.now
    order.accepted_at = order.accepted_at or m.now
    if order.extension == Extension.ASKED:
        order.extension = Extension.NONE
    m.data["contacted"] = m.facts["contacted"]
