"""What this room shows elsewhere: banners on every page, a panel on an area's page, outlines on the map, phones.

Each goes through a registry of the room below: none of them knows that this one exists.
"""

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import reveal
from accounts.actor import Actor
from accounts.roles import May
from config.layout import Acting, Banner, register_banners
from emergency.mode import InForce, in_force, mode_of
from emergency.personal import ENROLLED
from grids.models import Area
from grids.panels import Drawn, Outline, register, register_outlines


def banners(actor: Acting) -> list[Banner]:
    """What is in force where one of the actor's posts lies; one look into the cache."""
    assert isinstance(actor, Actor)
    posts = [post for post in actor.posts if post.area_code]
    mine = [one for one in in_force() if any(one.covers(post.area_code) for post in posts)]
    return [_banner(one, actor) for one in mine] if mine else []


def _banner(one: InForce, actor: Actor) -> Banner:
    sees = bool(actor.posts_with(May.SEE_EMERGENCY))
    return Banner(
        tone=one.level,
        title=_("Emergency in %(area)s: %(kind)s, level %(level)s")
        % {"area": one.area_name, "kind": one.kind.label, "level": one.level.label},
        text=one.instructions,
        href=reverse("emergency:activation", args=[one.number]) if sees else "",
    )


def area_panel(area: Area, actor: Actor) -> Drawn | None:
    """The mode of the area: peace is said too, to whoever may see emergencies."""
    if not actor.posts_with(May.SEE_EMERGENCY):
        return None
    mode = mode_of(area.code)
    may = actor.may(May.DECLARE_EMERGENCY, area_code=area.code) is not None and len(area.code) <= 12
    return Drawn("emergency/_panel.html", {"mode": mode, "area": area, "may_declare": may})


def outlines(actor: Actor) -> list[Outline]:
    """The areas in emergency that lie where the actor works, or around it."""
    codes = [post.area_code for post in actor.posts]
    return [
        Outline(one.area_code, f"{one.area_name}: {one.kind.label}, {one.level.label}", one.level)
        for one in in_force()
        if any(one.covers(code) or one.area_code.startswith(code) for code in codes)
    ]


def register_all() -> None:
    """Called once, when the room is ready."""
    register_banners(banners)
    register(area_panel)
    register_outlines(outlines)
    reveal.register(ENROLLED)
