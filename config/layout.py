"""What every page carries: the table of navigation, the theme, and the context processor for both.

The table names permissions and roles by their stored codes, because this room lies below accounts;
`tests/layout` proves that every code and every URL name in it exists.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = str | Promise
THEMES = ("auto", "light", "dark")
FIELD_ROLES = ("grid_worker", "grid_chief", "door_captain", "volunteer", "citizen")

# Whoever may be enrolled and called up: everybody but the three administrators, who see no business.
CALLED_ROLES = (
    *FIELD_ROLES, "community", "clerk", "dispatcher", "department", "contractor", "unit_leader", "mediator",
    "petition_officer", "supervisor", "commander", "personnel_officer", "key_person_officer",
)  # fmt: skip


class HeldRole(Protocol):
    @property
    def role(self) -> Any: ...


class Acting(Protocol):
    """As much of `accounts.actor.Actor` as the frame needs."""

    @property
    def posts(self) -> Sequence[HeldRole]: ...

    def posts_with(self, may: Any) -> Sequence[HeldRole]: ...


@dataclass(frozen=True)
class Entry:
    """One line of the navigation. Shown to whoever holds any of `may`, or any of `roles`, or to all
    signed-in people where both are empty. `thumb` puts it into the phone's bottom bar too."""

    label: Words
    icon: str
    url_name: str
    may: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    thumb: bool = False
    short: Words = ""  # the word under the icon in the bottom bar, where the label is long


@dataclass(frozen=True)
class Section:
    label: Words
    entries: tuple[Entry, ...]


NAVIGATION: tuple[Section, ...] = (
    Section(
        _("Work"),
        (
            Entry(
                _("My tasks"),
                "checklist",
                "incidents:field_home",
                roles=(*FIELD_ROLES, "community"),
                thumb=True,
            ),
            Entry(_("Report"), "camera-plus", "incidents:report", ("incident.report",), thumb=True),
            Entry(
                _("Inbox"),
                "inbox",
                "incidents:inbox",
                ("incident.accept", "incident.dispatch"),
                thumb=True,
            ),
            Entry(_("Hotline"), "headset", "hotline:desk", ("hotline.take",), thumb=True),
            Entry(
                _("Return visits"),
                "phone-outgoing",
                "hotline:visits",
                ("hotline.visit",),
                thumb=True,
            ),
            Entry(_("To do"), "clipboard-list", "incidents:todo", ("incident.handle",), thumb=True),
            Entry(_("Hotline orders to do"), "headset", "hotline:todo", ("incident.handle",)),
            Entry(
                _("Hotline orders"),
                "list-details",
                "hotline:orders",
                ("hotline.see", "incident.handle"),
            ),
            Entry(
                _("Orders to answer"),
                "message-exclamation",
                "supervision:orders",
                ("supervision.answer",),
            ),
            Entry(_("Summoned"), "bell-ringing", "whistles:called", ("whistle.come",), thumb=True),
            Entry(_("My zone"), "map-pin-check", "campaigns:mine", ("campaign.sweep",)),
            Entry(
                _("Call-ups"),
                "bell-exclamation",
                "emergency:mine",
                roles=CALLED_ROLES,
            ),
            Entry(_("Map"), "map-2", "incidents:map", ("incident.see",), thumb=True),
            Entry(_("Cases"), "files", "incidents:search", ("incident.see",)),
        ),
    ),
    Section(
        _("Command"),
        (
            Entry(
                _("Supervision"), "gavel", "supervision:desk", ("supervision.order",), thumb=True
            ),
            Entry(
                _("Whistles"),
                "speakerphone",
                "whistles:list",
                ("whistle.blow", "whistle.approve", "supervision.order"),
                thumb=True,
            ),
            Entry(
                _("Campaigns"),
                "flag",
                "campaigns:board",
                ("campaign.launch", "campaign.lead", "supervision.order"),
            ),
            Entry(
                pgettext_lazy("command", "Emergency"),
                "alert-triangle",
                "emergency:list",
                ("emergency.see", "emergency.declare"),
            ),
            Entry(
                _("Enrolled people"),
                "users-plus",
                "emergency:enrolled",
                ("emergency.enrol", "emergency.see"),
            ),
            Entry(_("No-lead matters"), "help-hexagon", "borders:matters", ("border.see",)),
            Entry(_("Enclaves"), "map-pin-share", "borders:enclaves", ("border.see",)),
            Entry(
                _("Personnel suggestions"),
                "lock-square-rounded",
                "whistles:suggestions",
                ("personnel.suggest", "personnel.receive"),
            ),
        ),
    ),
    Section(
        _("Look up"),
        (
            Entry(_("Catalogue"), "category", "incidents:catalogue"),
            Entry(_("Deadline calculator"), "calculator", "clocks:calculator"),
            Entry(
                _("Areas and grids"),
                "polygon",
                "grids:areas",
                ("grid.see_staffing", "grid.manage_areas"),
            ),
            Entry(_("Grid staffing"), "users-group", "grids:staffing", ("grid.see_staffing",)),
        ),
    ),
    Section(
        _("Manage"),
        (
            Entry(
                _("People"),
                "users",
                "accounts:people",
                ("people.manage", "policy.manage"),
                thumb=True,
            ),
            Entry(
                _("Organisations"),
                "building-community",
                "accounts:organisations",
                ("people.manage",),
                thumb=True,
            ),
            Entry(_("Responsibility rules"), "route", "incidents:rules", ("catalogue.manage",)),
            Entry(_("Ladders"), "stairs-up", "escalation:rules", ("escalation.manage",)),
            Entry(
                _("Rules of cards"),
                "cards",
                "supervision:card_rules",
                ("supervision.manage_cards",),
            ),
            Entry(_("Times of call-ups"), "clock-bolt", "emergency:paces", ("escalation.manage",)),
            Entry(_("Kinds of whistle"), "speakerphone", "whistles:types", ("catalogue.manage",)),
            Entry(
                _("How suggestions learn"),
                "school",
                "hotline:trainings",
                ("catalogue.manage",),
                short=_("Suggestions"),
            ),
            Entry(
                _("Urgencies of hotline orders"),
                "headset",
                "hotline:tiers",
                ("catalogue.manage",),
            ),
            Entry(_("Working calendars"), "calendar-cog", "clocks:calendars", ("calendar.manage",)),
            Entry(_("Limits of stages"), "clock-cog", "clocks:limits", ("calendar.manage",)),
            Entry(_("Partner systems"), "plug", "accounts:clients", ("policy.manage",), thumb=True),
            Entry(_("Webhooks"), "webhook", "notices:webhooks", ("policy.manage",)),
            Entry(
                _("Undelivered messages"),
                "mail-exclamation",
                "notices:undelivered",
                ("policy.manage",),
            ),
            Entry(
                _("Locked accounts"), "lock", "accounts:lockouts", ("policy.manage",), thumb=True
            ),
            Entry(_("Audit log"), "history", "journal:audit", ("journal.read",), thumb=True),
        ),
    ),
)


@dataclass(frozen=True)
class Link:
    """An entry that this person has, with its address."""

    label: Words
    short: Words
    icon: str
    href: str
    current: bool
    thumb: bool


@dataclass(frozen=True)
class Menu:
    sections: tuple[tuple[Words, tuple[Link, ...]], ...]

    @property
    def thumbs(self) -> tuple[Link, ...]:
        """The first three entries for the bottom bar (messages and "me" are always beside them)."""
        every = [link for _label, links in self.sections for link in links]
        return tuple([link for link in every if link.thumb][:3])

    @property
    def can_search(self) -> bool:
        return any(link.icon == "files" for _label, links in self.sections for link in links)


def _allowed(entry: Entry, actor: Acting, roles: Collection[str]) -> bool:
    if not entry.may and not entry.roles:
        return True
    if any(role in roles for role in entry.roles):
        return True
    return any(actor.posts_with(may) for may in entry.may)


def address_of(url_name: str) -> str | None:
    """The address of a page without arguments, or None where no such page is mounted."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return None


def menu_of(actor: Acting | None, path: str) -> Menu:
    """The navigation of `actor`; the entry that `path` lies in is marked (longest address wins)."""
    if actor is None or not actor.posts:
        return Menu(())
    roles = {str(post.role) for post in actor.posts}
    mine = [
        (
            section,
            [
                (entry, href)
                for entry in section.entries
                if _allowed(entry, actor, roles) and (href := address_of(entry.url_name))
            ],
        )
        for section in NAVIGATION
    ]
    hrefs = [href for _section, rows in mine for _entry, href in rows if path.startswith(href)]
    current = max(hrefs, key=len, default="")
    return Menu(
        tuple(
            (
                section.label,
                tuple(
                    Link(e.label, e.short or e.label, e.icon, href, href == current, e.thumb)
                    for e, href in rows
                ),
            )
            for section, rows in mine
            if rows
        )
    )


@dataclass(frozen=True)
class Banner:
    """A line above every page, for as long as something holds. `tone` is red, orange, yellow or blue."""

    tone: str
    title: str
    text: str = ""
    href: str = ""


BannerSource = Callable[[Acting], Sequence[Banner]]
_banner_sources: list[BannerSource] = []


def register_banners(source: BannerSource) -> None:
    """Let a room show banners (from its `ready()`). It is asked for every page: one look into the cache, no more."""
    if source not in _banner_sources:
        _banner_sources.append(source)


def banners_of(actor: Acting | None) -> list[Banner]:
    """What stands above the pages of this actor now."""
    if actor is None or not actor.posts:
        return []
    return [banner for source in _banner_sources for banner in source(actor)]


def theme_of(request: HttpRequest) -> str:
    """`auto`, `light` or `dark`: the cookie that the theme switch sets."""
    chosen = request.COOKIES.get("theme", "auto")
    return chosen if chosen in THEMES else "auto"


SCRIPT_WORDS: dict[str, Words] = {
    "unreachable": _("The server cannot be reached. What you typed is still here; try again."),
    "failed": _("That did not work. What you typed is still here; try again."),
    "forbidden": _("You may not do that, or this page is out of date. Reload it and try again."),
    "missing": _("That does not exist any more, or you may not see it."),
    "too_many": _("Too many requests at once. Wait a moment, then try again."),
    "too_big": _("That is too large to send."),
    "photo_too_big": _("Larger than %(most)s MB: it will not be taken."),
    "no_picture": _("This is no picture (JPEG, PNG, WebP, HEIC): it will not be taken."),
    "sign_in": _("Sign in"),
    "signed_out": _(
        "You have been signed out. Sign in again; what you typed is kept on this device."
    ),
    "idle": _("You will be signed out in two minutes, because nothing has happened for a while."),
    "stay": _("Stay signed in"),
    "kept": _("What you typed before was still here and has been put back."),
    "discard": _("Discard"),
    "close": _("Close"),
    "yes": _("Yes"),
    "sure": _("Are you sure?"),
    "working": _("Working…"),
    "help": _("Show the shortcuts"),
    "row_next": _("Next row"),
    "row_previous": _("Previous row"),
    "row_open": _("Open the row"),
    "row_tick": _("Tick the row"),
    "previous": _("Previous photo"),
    "next": _("Next photo"),
}


def layout(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `menu`, `theme`, `side` (`open` or `folded`), words for the scripts."""
    return {
        "menu": SimpleLazyObject(lambda: menu_of(getattr(request, "actor", None), request.path)),
        "banners": SimpleLazyObject(lambda: banners_of(getattr(request, "actor", None))),
        "theme": theme_of(request),
        "side": "folded" if request.COOKIES.get("side") == "folded" else "open",
        "idle_seconds": settings.SESSION_COOKIE_AGE,
        "script_words": SCRIPT_WORDS,
        "acting_templates": ("accounts/_acting.html", "components/_nothing.html"),
    }
