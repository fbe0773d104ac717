"""How the doings of this room are told: in timelines and the audit log, and in people's bells."""

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from borders.choices import CheckKind, Says, Side, Stage
from borders.lifecycle import ENCLAVE, MATTER
from borders.models import Enclave, Matter, Problem
from incidents.models import Incident
from journal import wording as journal
from notices import wording as notices


def _numbers(model: Any) -> journal.NamesOf:
    def names(ids: Collection[Any]) -> Mapping[Any, str]:
        wanted = [int(one) for one in ids if str(one).isdecimal()]
        rows = model.objects.filter(pk__in=wanted).values_list("pk", "number")
        return {str(key): number for key, number in rows}

    return names


def _find(model: Any) -> Any:
    return lambda text: (
        model.objects.filter(number=text.strip()).values_list("pk", flat=True).first()
    )


def _labels(choices: Any) -> journal.NamesOf:
    return lambda _codes: {value: str(label) for value, label in choices.choices}


def _verdicts(_codes: Collection[Any]) -> Mapping[Any, str]:
    return {"passed": gettext("Passed"), "failed": gettext("Not passed")}


def _problems(ids: Collection[Any]) -> Mapping[Any, str]:
    return dict(Problem.objects.filter(pk__in=ids).values_list("pk", "title"))


def _cases(ids: Collection[Any]) -> Mapping[Any, str]:
    return dict(Incident.objects.filter(pk__in=ids).values_list("pk", "number"))


def _units(ids: Collection[Any]) -> Mapping[Any, str]:
    return {one.pk: one.shown_name for one in Organisation.objects.filter(pk__in=ids)}


# fmt: off
_EVENTS: tuple[tuple[str, Any, str, str], ...] = (
    ("unowned.raised", _("Raised: nobody owns it"), "help-hexagon", "amber"),
    ("unowned.opinions_asked", _("Asked for their opinion until %(until)s: %(units)s"), "messages", ""),
    ("unowned.opinion_given", _("Opinion of %(unit)s: %(says)s"), "message", ""),
    ("unowned.adjudicated", _("Ruled: %(unit)s leads; assisting: %(assisting)s"), "gavel", "brand"),
    ("unowned.written", _("Written into the responsibility rules as rule %(rule)s: %(unit)s"), "route", "green"),
    ("unowned.ruled", _("Ruled and written as rule %(rule)s: %(unit)s leads; assisting: %(assisting)s"), "gavel",
     "green"),
    ("unowned.refused", _("Refused: %(unit)s has it already"), "ban", ""),
    ("unowned.withdrawn", _("Withdrawn from the no-lead register"), "arrow-back-up", ""),
    ("enclave.registered", _("Enclave registered; belongs to %(unit)s"), "map-pin-plus", ""),
    ("enclave.amended", _("Facts of the enclave amended"), "pencil", ""),
    ("enclave.investigated", _("Enclave investigated"), "search", ""),
    ("enclave.attributed", _("Attributed to %(unit)s, given by %(owner)s"), "arrows-exchange", "brand"),
    ("enclave.handover_worded", _("Handover worded (no. %(handover_version)s)"), "file-text", ""),
    ("enclave.handover_signed", _("%(unit)s signed the handover (no. %(handover_version)s)"), "signature", "brand"),
    ("enclave.problem_listed", _("Old problem listed: %(problem)s; stays with %(unit)s"), "alert-triangle", "amber"),
    ("enclave.case_linked", _("Cases linked to “%(problem)s”: %(cases)s"), "link", ""),
    ("enclave.problem_solved", _("Old problem solved by %(unit)s: %(problem)s"), "circle-check", "green"),
    ("enclave.problem_reopened", _("Old problem reopened: %(problem)s"), "refresh", "amber"),
    ("enclave.checked", _("Check entered: %(check)s, %(verdict)s"), "checklist", ""),
    ("enclave.mended", _("Mended: %(check)s"), "tool", ""),
    ("enclave.struck", _("Struck off the register of enclaves"), "ban", "red"),
    ("enclaves.exported", _("List of enclaves taken out (%(rows)s rows)"), "download", ""),
    ("unowned.exported", _("No-lead register taken out (%(rows)s rows)"), "download", ""),
)

_NOTICES: tuple[tuple[str, Any, str, str], ...] = (
    ("unowned.to_rule", _("A matter without a lead waits for your ruling: %(name)s (%(number)s)"), "gavel", "amber"),
    ("unowned.asked", _("Your unit's opinion is asked until %(until)s: whose is “%(name)s”? (%(number)s)"), "messages",
     "amber"),
    ("unowned.all_heard", _("All units have answered; you can rule: %(name)s (%(number)s)"), "gavel", "brand"),
    ("unowned.silent", _("The time for opinions is over and not all units have answered: %(name)s (%(number)s)"),
     "alarm", "red"),
    ("unowned.you_lead", _("Your unit was named lead of “%(name)s” (%(number)s)"), "gavel", "brand"),
    ("unowned.you_assist", _("Your unit assists %(unit)s in “%(name)s” (%(number)s)"), "users", "brand"),
    ("unowned.decided", _("It is ruled who leads “%(name)s”: %(unit)s (%(number)s)"), "gavel", ""),
    ("unowned.in_rules", _("“%(name)s” is in the responsibility rules: %(unit)s leads (%(number)s)"), "route", "green"),
    ("unowned.has_lead", _("“%(name)s” has a lead already: %(unit)s (%(number)s)"), "ban", ""),
    ("unowned.off", _("“%(name)s” was withdrawn from the no-lead register (%(number)s)"), "arrow-back-up", ""),
    ("enclave.new", _("Enclave registered: %(name)s (%(number)s)"), "map-pin-plus", ""),
    ("enclave.to_attribute", _("An enclave waits to be attributed: %(name)s (%(number)s)"), "arrows-exchange", "amber"),
    ("enclave.to_word", _("An enclave passes between units: word its handover, %(name)s (%(number)s)"), "file-text",
     "amber"),
    ("enclave.to_sign", _("A handover waits for your signature: %(name)s (%(number)s)"), "signature", "amber"),
    ("enclave.sign_anew", _("The handover was worded anew, earlier signatures are void: read and sign, %(name)s "
     "(%(number)s)"), "signature", "red"),
    ("enclave.sign_too", _("The other side has signed, yours is waited for: %(name)s (%(number)s)"), "signature",
     "amber"),
    ("enclave.passed_over", _("Signed by both sides and handed over: %(name)s (%(number)s)"), "arrows-exchange",
     "green"),
    ("enclave.to_check", _("An enclave was handed over and waits for the three checks: %(name)s (%(number)s)"),
     "checklist", "amber"),
    ("enclave.failed", _("A check failed (%(check)s): mend it, %(name)s (%(number)s)"), "alert-triangle", "red"),
    ("enclave.check_again", _("Mended (%(check)s), check again: %(name)s (%(number)s)"), "checklist", "amber"),
    ("enclave.accepted", _("All three checks passed: %(name)s is accepted (%(number)s)"), "circle-check", "green"),
    ("enclave.problem", _("An old problem stays with your unit: %(name)s (%(number)s)"), "alert-triangle", "amber"),
    ("enclave.solved", _("An old problem is said to be solved: %(name)s (%(number)s)"), "circle-check", ""),
    ("border.near", _("Deadline near, %(stage)s until %(due)s: %(name)s (%(number)s)"), "alarm", "amber"),
    ("border.late", _("Overdue since %(due)s, %(stage)s: %(name)s (%(number)s)"), "alarm", "red"),
)
# fmt: on


def register_all() -> None:
    """Called once, when the room is ready."""
    journal.register_names("says", _labels(Says))
    journal.register_names("side", _labels(Side))
    journal.register_names("check", _labels(CheckKind))
    journal.register_names("verdict", _verdicts)
    journal.register_names("problem", _problems)
    journal.add_names("case", _cases)
    journal.add_names("owner", _units)
    journal.add_names("stage", _labels(Stage))
    journal.register_subject(
        MATTER, _("Matter without a lead"), names=_numbers(Matter), find=_find(Matter)
    )
    journal.register_subject(ENCLAVE, _("Enclave"), names=_numbers(Enclave), find=_find(Enclave))
    for verb, sentence, icon, tone in _EVENTS:
        journal.register(verb, sentence, icon=icon, tone=tone)
    for kind, sentence, icon, tone in _NOTICES:
        notices.register(kind, sentence, icon=icon, tone=tone)
