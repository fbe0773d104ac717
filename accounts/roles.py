"""Who may do what: one table of roles, taken from the trade's role table.

A role gives a set of permissions (`May`) and a kind of scope: the area subtree of the post, the post's
organisation, or only what the person reported or was sent to. Steps of a case name the permission
that they need (`incidents/lifecycle.py`); scopes are read by `visible_to` in each room.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class May(StrEnum):
    """A permission. Stable dotted names: they are stored in journals and client scopes."""

    REPORT = "incident.report"
    SELF_HANDLE = "incident.self_handle"
    CHECK = "incident.check"  # look at the spot: before filing, and before closing
    ACCEPT = "incident.accept"  # place, classify, file, refuse, void
    DISPATCH = "incident.dispatch"  # dispatch, verify, inform, close, grant requests
    HANDLE = "incident.handle"  # receive, reply, return, ask for time
    APPROVE = "incident.approve"  # a unit's leader approves its requests
    SEE_CASES = "incident.see"
    SEE_REPORTER = "incident.see_reporter"
    URGE = "incident.urge"
    RAISE = "incident.raise"  # push a case up a level, with a reason
    TAKE_OVER = "incident.take_over"  # take a case over from below, or hand it back
    SUPERVISE = "supervision.order"  # orders on open cases, to be answered by a time
    ANSWER_ORDER = "supervision.answer"  # for the unit that an order names
    LIFT_CARD = "supervision.lift_card"
    MANAGE_CARDS = "supervision.manage_cards"  # the rules that draw cards
    BLOW = "whistle.blow"  # a street or community drafts and blows a whistle, confirms and judges
    APPROVE_WHISTLE = "whistle.approve"  # the secretary says yes before it is heard
    COME = "whistle.come"  # a summoned department signs, contacts, checks in, delivers
    SUGGEST_PERSONNEL = "personnel.suggest"
    APPROVE_PERSONNEL = "personnel.approve"  # the street's Party committee
    RECEIVE_PERSONNEL = "personnel.receive"  # the organisation department, nobody else
    MANAGE_LADDERS = "escalation.manage"
    RAISE_UNOWNED = "border.raise"  # say that a matter has no lead, or that an enclave is one
    RULE_ON_LEAD = (
        "border.rule"  # adjudicate: name the lead, write it into the responsibility rules
    )
    SEE_BORDERS = "border.see"
    SIGN_HANDOVER = "border.sign"  # for the organisation that gives or takes an enclave
    ACCEPT_ENCLAVE = "border.accept"  # the three checks
    LAUNCH_CAMPAIGN = "campaign.launch"  # send a campaign or a resolution down
    LEAD_CAMPAIGN = "campaign.lead"  # for an organisation or area: zones, cadres, report done
    SWEEP = "campaign.sweep"  # go to the targets of a zone and say what was found
    DECLARE_EMERGENCY = "emergency.declare"
    ENROL = "emergency.enrol"  # who is enrolled in a grid
    SEE_EMERGENCY = "emergency.see"
    TAKE_CALLS = "hotline.take"  # take calls in, answer, dispatch, judge returns, grant time
    VISIT = "hotline.visit"  # call back and write down what the caller says
    SEE_ORDERS = "hotline.see"
    SEE_STAFFING = "grid.see_staffing"
    MANAGE_STAFFING = "grid.manage_staffing"
    MANAGE_AREAS = "grid.manage_areas"
    MANAGE_CATALOGUE = "catalogue.manage"
    MANAGE_CALENDAR = "calendar.manage"
    MANAGE_PEOPLE = "people.manage"
    MANAGE_POLICIES = "policy.manage"
    READ_JOURNAL = "journal.read"


class Scope(StrEnum):
    """How far a role sees."""

    AREA = "area"  # the post's area and everything below it
    ORGANISATION = "organisation"  # what its organisation was sent
    OWN = "own"  # own reports, and what the person was sent to look at
    NOTHING = "nothing"  # no business data at all


class Role(models.TextChoices):
    """The roles of the trade. Codes are stored; labels are what people read."""

    CITIZEN = "citizen", _("Citizen")
    DOOR_CAPTAIN = "door_captain", _("Building-door captain")
    VOLUNTEER = "volunteer", _("Volunteer")
    GRID_WORKER = "grid_worker", _("Grid worker")
    GRID_CHIEF = "grid_chief", _("Grid chief")
    COMMUNITY = "community", _("Community officer")
    CLERK = "clerk", _("Acceptance clerk")
    DISPATCHER = "dispatcher", _("Dispatcher")
    HOTLINE_OPERATOR = "hotline_operator", _("Hotline operator")
    RETURN_VISITOR = "return_visitor", _("Return-visit caller")
    DEPARTMENT = "department", _("Department handler")
    CONTRACTOR = "contractor", _("Contractor")
    UNIT_LEADER = "unit_leader", _("Unit leader")
    MEDIATOR = "mediator", _("Mediator")
    PETITION_OFFICER = "petition_officer", _("Petition officer")
    SUPERVISOR = "supervisor", _("Supervisor")
    COMMANDER = "commander", _("Commander")
    PERSONNEL_OFFICER = "personnel_officer", _("Organisation department")
    KEY_PERSON_OFFICER = "key_person_officer", _("Key-person officer")
    SYSTEM_ADMIN = "system_admin", _("System administrator")
    SECURITY_ADMIN = "security_admin", _("Security administrator")
    AUDIT_ADMIN = "audit_admin", _("Audit administrator")


@dataclass(frozen=True)
class RoleRule:
    scope: Scope
    may: frozenset[May]


def _rule(scope: Scope, *may: May) -> RoleRule:
    return RoleRule(scope, frozenset(may))


RULES: dict[Role, RoleRule] = {
    Role.CITIZEN: _rule(Scope.OWN, May.REPORT),
    Role.DOOR_CAPTAIN: _rule(Scope.OWN, May.REPORT),
    Role.VOLUNTEER: _rule(Scope.OWN, May.REPORT),
    Role.GRID_WORKER: _rule(
        Scope.AREA,
        May.REPORT,
        May.SELF_HANDLE,
        May.CHECK,
        May.SEE_CASES,
        May.SWEEP,
    ),
    Role.GRID_CHIEF: _rule(
        Scope.AREA,
        May.REPORT,
        May.SELF_HANDLE,
        May.CHECK,
        May.SEE_CASES,
        May.SEE_STAFFING,
        May.RAISE,
        May.RAISE_UNOWNED,
        May.SEE_BORDERS,
        May.SWEEP,
        May.SEE_EMERGENCY,
    ),
    Role.COMMUNITY: _rule(
        Scope.AREA,
        May.REPORT,
        May.CHECK,
        May.SEE_CASES,
        May.SEE_STAFFING,
        May.MANAGE_STAFFING,
        May.RAISE,
        May.TAKE_OVER,
        May.BLOW,
        May.RAISE_UNOWNED,
        May.SEE_BORDERS,
        May.LEAD_CAMPAIGN,
        May.SWEEP,
        May.ENROL,
        May.SEE_EMERGENCY,
    ),
    Role.CLERK: _rule(
        Scope.AREA, May.REPORT, May.ACCEPT, May.SEE_CASES, May.SEE_REPORTER, May.ANSWER_ORDER
    ),
    Role.DISPATCHER: _rule(
        Scope.AREA,
        May.REPORT,
        May.DISPATCH,
        May.SEE_CASES,
        May.SEE_REPORTER,
        May.ANSWER_ORDER,
        May.RAISE,
        May.TAKE_OVER,
        May.BLOW,
        May.RAISE_UNOWNED,
        May.SEE_BORDERS,
        May.SEE_EMERGENCY,
    ),
    Role.HOTLINE_OPERATOR: _rule(
        Scope.AREA, May.TAKE_CALLS, May.SEE_ORDERS, May.REPORT, May.SEE_CASES, May.SEE_REPORTER
    ),
    Role.RETURN_VISITOR: _rule(Scope.AREA, May.VISIT, May.SEE_ORDERS),
    Role.DEPARTMENT: _rule(
        Scope.ORGANISATION,
        May.HANDLE,
        May.SEE_CASES,
        May.COME,
        May.ANSWER_ORDER,
        May.SEE_BORDERS,
        May.SWEEP,
    ),
    Role.CONTRACTOR: _rule(Scope.ORGANISATION, May.HANDLE, May.SEE_CASES, May.ANSWER_ORDER),
    Role.UNIT_LEADER: _rule(
        Scope.ORGANISATION,
        May.HANDLE,
        May.APPROVE,
        May.SEE_CASES,
        May.COME,
        May.ANSWER_ORDER,
        May.RAISE_UNOWNED,
        May.SEE_BORDERS,
        May.SIGN_HANDOVER,
        May.LEAD_CAMPAIGN,
        May.SWEEP,
    ),
    Role.MEDIATOR: _rule(Scope.OWN),
    Role.PETITION_OFFICER: _rule(Scope.OWN),
    Role.SUPERVISOR: _rule(
        Scope.AREA,
        May.SEE_CASES,
        May.SEE_STAFFING,
        May.URGE,
        May.SUPERVISE,
        May.LIFT_CARD,
        May.SEE_BORDERS,
        May.RAISE_UNOWNED,
        May.ACCEPT_ENCLAVE,
        May.SEE_EMERGENCY,
        May.SEE_ORDERS,
    ),
    Role.COMMANDER: _rule(
        Scope.AREA,
        May.REPORT,
        May.SEE_CASES,
        May.SEE_REPORTER,
        May.SEE_STAFFING,
        May.URGE,
        May.SUPERVISE,
        May.LIFT_CARD,
        May.TAKE_OVER,
        May.BLOW,
        May.APPROVE_WHISTLE,
        May.SUGGEST_PERSONNEL,
        May.APPROVE_PERSONNEL,
        May.SEE_BORDERS,
        May.RAISE_UNOWNED,
        May.RULE_ON_LEAD,
        May.ACCEPT_ENCLAVE,
        May.LAUNCH_CAMPAIGN,
        May.LEAD_CAMPAIGN,
        May.DECLARE_EMERGENCY,
        May.ENROL,
        May.SEE_EMERGENCY,
        May.SEE_ORDERS,
    ),
    Role.PERSONNEL_OFFICER: _rule(Scope.OWN, May.RECEIVE_PERSONNEL),
    Role.KEY_PERSON_OFFICER: _rule(Scope.OWN),
    Role.SYSTEM_ADMIN: _rule(
        Scope.NOTHING,
        May.MANAGE_PEOPLE,
        May.MANAGE_AREAS,
        May.MANAGE_STAFFING,
        May.SEE_STAFFING,
        May.MANAGE_CATALOGUE,
        May.MANAGE_CALENDAR,
        May.MANAGE_LADDERS,
        May.MANAGE_CARDS,
    ),
    Role.SECURITY_ADMIN: _rule(Scope.NOTHING, May.MANAGE_POLICIES),
    Role.AUDIT_ADMIN: _rule(Scope.NOTHING, May.READ_JOURNAL),
}

# MLPS level 3: three different people; none of them sees business data.
ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
