"""Who reaches what of the catalogue, its editions, and the rules of responsibility."""

from typing import Any

from accounts.roles import May
from incidents.models import ItemLimit
from tests.factories import HOME
from tests.incidents.catalogue.factories import areas, edition, rule
from tests.matrix.row import EVERYBODY, HIDDEN, IN, Row, roles_with
from tests.matrix.world import World

MANAGERS = roles_with(May.MANAGE_CATALOGUE)


def build(world: World) -> None:
    """An edition in force, a draft, and a rule over the home district."""
    edition()
    draft = edition(code="draft", active=False)
    areas(HOME)
    world.records["limit"] = ItemLimit.objects.filter(item__version=draft).first()
    world.records["rule"] = rule(world.organisations[HOME], "0101", HOME)


def _item(world: World) -> dict[str, Any]:
    return {"code": "010101"}


def _draft(world: World) -> dict[str, Any]:
    return {"code": "draft"}


def _limit(world: World) -> dict[str, Any]:
    return {"code": "draft", "pk": world.records["limit"].pk}


def _rule(world: World) -> dict[str, Any]:
    return {"pk": world.records["rule"].pk}


def _row(url: str, *, method: str = "get", **more: Any) -> Row:
    return Row(url=url, may=MANAGERS, method=method, **more)


# There is one catalogue for the whole installation: an administrator of any area manages it.
ROWS = [
    Row(url="incidents:catalogue", may=EVERYBODY),
    Row(url="incidents:catalogue_item", may=EVERYBODY, kwargs=_item, foreign=IN),
    _row("incidents:catalogue_item_switch", method="post", kwargs=_item, foreign=IN),
    _row("incidents:catalogue_import"),
    _row("incidents:catalogue_import", method="post"),
    _row("incidents:editions"),
    _row("incidents:editions_compare"),
    _row("incidents:edition", kwargs=_draft, foreign=IN),
    _row("incidents:edition_activate", method="post", kwargs=_draft, foreign=IN),
    _row("incidents:edition_limit", kwargs=_limit, foreign=IN),
    _row("incidents:edition_limit", method="post", kwargs=_limit, foreign=IN),
    _row("incidents:rules"),
    _row("incidents:rule_item_options"),
    _row("incidents:rule_new"),
    _row("incidents:rule_new", method="post"),
    _row("incidents:rules_test", query="?item=010101&area=120103"),
    _row("incidents:rules_import"),
    _row("incidents:rules_import", method="post"),
    _row("incidents:rule", kwargs=_rule, foreign=HIDDEN),
    _row("incidents:rule", method="post", kwargs=_rule, foreign=HIDDEN),
    _row("incidents:rule_end", kwargs=_rule, foreign=HIDDEN),
    _row("incidents:rule_end", method="post", kwargs=_rule, foreign=HIDDEN),
    Row(url="api_catalogue_items", may=EVERYBODY, partner=IN),
    Row(
        url="api_catalogue_item",
        may=EVERYBODY,
        kwargs=_item,
        foreign=IN,
        partner=IN,
        partner_foreign=IN,
    ),
    Row(url="api_catalogue_versions", may=EVERYBODY, partner=IN),
    Row(
        url="api_catalogue_responsibility",
        may=EVERYBODY,
        query="?item=010101&area=120103",
        partner=IN,
    ),
]
