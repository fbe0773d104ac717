"""Some thirty enrolled people of the demonstration district, hours that they served, and a rainstorm of last week.

Made by the real actions at past times. Nothing is in emergency now: the trial begins in peace. Sign in as `secretary`
to declare one, as `volunteer` to be called.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import cycle
from typing import Any

from accounts.actor import Actor
from accounts.identity import actor_of
from accounts.models import User
from clocks.calendar import SHANGHAI
from clocks.sweep import sweep
from emergency.choices import EnrolmentKind, Skill
from emergency.declaring import declare
from emergency.doors import ACTIVATIONS, CALLED, ENROLMENTS
from emergency.enrolling import enrol
from emergency.models import Called, CallUp, Enrolment, Service
from emergency.moving_up import move_up
from emergency.telling import tell_people
from grids.models import Area, Level
from incidents.demo.names import names
from incidents.querysets import within
from notices.models import Notice

HOME = "120103007"  # 友谊路街道
ACCOUNTS = (
    ("chief", EnrolmentKind.CADRE, (Skill.RESCUE,), "8", "month"),
    ("volunteer", EnrolmentKind.VOLUNTEER, (Skill.FIRST_AID, Skill.DRIVER), "4", "month"),
    ("captain", EnrolmentKind.PARTY_MEMBER, (), "24", "year"),
    ("worker", EnrolmentKind.PARTY_MEMBER, (Skill.DRIVER,), "4", "month"),
    ("mediator", EnrolmentKind.PROFESSIONAL, (Skill.MEDIATION,), "0", "month"),
)
KINDS = (
    (EnrolmentKind.DEPUTY, (), "8", "year"),
    (EnrolmentKind.VOLUNTEER, (Skill.FIRST_AID,), "4", "month"),
    (EnrolmentKind.PARTY_MEMBER, (), "24", "year"),
    (EnrolmentKind.PROFESSIONAL, (Skill.MEDIC,), "4", "month"),
    (EnrolmentKind.DELEGATE, (), "8", "year"),
    (EnrolmentKind.PROFESSIONAL, (Skill.ELECTRICIAN,), "4", "month"),
    (EnrolmentKind.CONSULTATIVE, (Skill.COUNSELLOR,), "8", "year"),
    (EnrolmentKind.VOLUNTEER, (Skill.CATERING, Skill.DRIVER), "4", "month"),
)
STRANGERS = 26


def play(now: datetime) -> int:
    """Tell it; how many are enrolled then. `now` is aware; the demonstration must be loaded."""
    _enrol(now - timedelta(days=40))
    _serve(now)
    _rainstorm(now - timedelta(days=6))
    Notice.objects.filter(kind__in=OLD, created_at__lt=now - timedelta(days=1)).update(read_at=now)
    return Enrolment.objects.count()


OLD = (
    "emergency.declared", "emergency.raised", "emergency.lowered", "emergency.instructed", "emergency.ended",
    "call_up.called", "call_up.lead", "call_up.unanswered", "call_up.absent", "call_up.ended", "called.declined",
)  # fmt: skip


def _actor(username: str) -> Actor:
    return actor_of(User.objects.get(username=username))


def _enrol(at: datetime) -> None:
    """In the communities of one street, by turns."""
    secretary = _actor("secretary")
    communities = Area.objects.active().filter(within(HOME, "code"), level=Level.COMMUNITY)
    areas = list(communities.order_by("code").values_list("code", flat=True)[:6]) or [HOME]
    invented = names("enrolled")
    people = [({"username": username}, terms) for username, *terms in ACCOUNTS]
    people += [
        ({"name": invented.next(), "phone": f"1380000{number:04d}"}, list(terms))
        for number, terms in zip(range(1, STRANGERS + 1), cycle(KINDS), strict=False)
    ]
    for (who, terms), area in zip(people, cycle(areas), strict=False):
        enrol(by=secretary, now=at, facts=_facts(who, terms, area, at))


def _facts(who: Mapping[str, str], terms: Sequence[Any], area: str, at: datetime) -> dict[str, Any]:
    kind, skills, hours, per = terms
    return {
        **who,
        "area": area,
        "kind": str(kind),
        "skills": [str(skill) for skill in skills],
        "required_hours": hours,
        "required_per": per,
        "valid_from": at.astimezone(SHANGHAI).date().isoformat(),
    }


def _serve(now: datetime) -> None:
    """Hours entered by hand: some count, one waits for approval."""
    secretary, community = _actor("secretary"), _actor("community")
    texts = cycle(("夜间巡逻", "入户走访独居老人", "文明引导", "环境整治"))
    chosen = list(Enrolment.objects.order_by("id")[:9])
    for place, (one, text) in enumerate(zip(chosen, texts, strict=False)):
        day = now - timedelta(days=place % 3)
        facts = {"day": day.astimezone(SHANGHAI).date().isoformat(), "hours": "2.5", "text": text}
        ENROLMENTS.take("record_service", number=one.number, by=secretary, now=day, facts=facts)
        if place:
            service = Service.objects.latest("id")
            ENROLMENTS.take(
                "approve_service", number=one.number, by=community if _over(community, one) else _actor("commander"),
                now=day, facts={"service": service.pk},
            )  # fmt: skip


def _over(actor: Actor, one: Enrolment) -> bool:
    return any(one.area_code.startswith(post.area_code) for post in actor.posts)


# --- a rainstorm -----------------------------------------------------------------------------------


def _rainstorm(begin: datetime) -> None:
    """Declared orange, everybody called, raised, lowered, ended: some came, some could not, some never answered."""
    secretary = _actor("secretary")
    made = declare(by=secretary, now=begin, facts={
        "area": HOME, "kind": "flood", "level": "orange", "reason": "持续强降雨，气象台发布暴雨橙色预警，低洼路段积水",
        "instructions": "各社区排查地下空间和危旧房屋，转移低洼住户", "call_all": True,
    })  # fmt: skip
    call_up = CallUp.objects.get(activation=made)
    _passes(begin + timedelta(minutes=1))
    _answer(call_up, begin, secretary)
    _passes(begin + timedelta(minutes=45))
    _take(
        made.number,
        "raise",
        {"level": "red", "reason": "河道水位超警戒"},
        begin + timedelta(hours=1),
    )
    _passes(begin + timedelta(hours=2, minutes=15))
    _take(
        made.number, "lower", {"level": "yellow", "reason": "雨势减弱"}, begin + timedelta(hours=5)
    )
    report = (
        "转移低洼住户23户，抽排积水4处，无人员伤亡。编入网格力量到场及时，个别人员联系方式需更新。"
    )
    _take(
        made.number,
        "end",
        {"reason": "雨停，积水退净", "report": report},
        begin + timedelta(hours=7),
    )
    _passes(begin + timedelta(hours=8))


def _take(number: str, step: str, facts: dict[str, str], at: datetime) -> None:
    ACTIVATIONS.take(step, number=number, by=_actor("secretary"), now=at, facts=facts)


def _answer(call_up: CallUp, begin: datetime, secretary: Actor) -> None:
    """Of nine, seven come (one late), one cannot, one never answers."""
    rows = Called.objects.filter(call_up=call_up).select_related("team", "person").order_by("id")
    for place, one in enumerate(rows):
        by = actor_of(one.person) if one.person else secretary
        at = begin + timedelta(minutes=4 + place)
        match place % 9:
            case 5:
                CALLED.take(
                    "decline", number=one.number, by=by, now=at, facts={"because": "在外地出差"}
                )
            case 7:
                CALLED.take(
                    "phone",
                    number=one.number,
                    by=secretary,
                    now=at,
                    facts={"outcome": "not_reached"},
                )
            case turn:
                CALLED.take("come", number=one.number, by=by, now=at, facts={"minutes": 30})
                there = begin + timedelta(minutes=130 if turn == 3 else 25 + place)
                CALLED.take(
                    "check_in", number=one.number, by=by, now=there, facts=_near(one, place)
                )


def _near(one: Called, place: int) -> dict[str, float]:
    """A stone's throw from the assembly point."""
    if one.team.lon is None or one.team.lat is None:
        return {}
    shift = 0.0003 * (place % 5 - 2)
    return {"lon": one.team.lon + shift, "lat": one.team.lat - shift, "accuracy_m": 15.0}


def _passes(at: datetime) -> None:
    """What the workers would have done by then."""
    for work in (sweep, tell_people, move_up, tell_people):
        while work(at):
            continue
