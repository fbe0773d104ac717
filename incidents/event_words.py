"""How the events of the catalogue, of responsibility and of exports are told. (Those of cases: `wording.py`.)"""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from incidents.models import CatalogueItem, CatalogueVersion
from journal.wording import register, register_subject


def _editions(ids: Collection[Any]) -> dict[Any, str]:
    found = CatalogueVersion.objects.filter(
        pk__in=[int(one) for one in ids if str(one).isdecimal()]
    )
    return {str(pk): code for pk, code in found.values_list("pk", "code")}


def _items(ids: Collection[Any]) -> dict[Any, str]:
    found = CatalogueItem.objects.filter(pk__in=[int(one) for one in ids if str(one).isdecimal()])
    return {str(pk): f"{code} {name}" for pk, code, name in found.values_list("pk", "code", "name")}


register_subject("catalogue", _("Catalogue edition"), names=_editions)
register_subject("catalogue_item", _("Catalogue item"), names=_items)
register_subject("responsibility_rule", _("Responsibility rule"))

register("catalogue.imported", _("Catalogue imported: %(code)s"), icon="table-import")
register(
    "catalogue.activated",
    _("Catalogue put in force: %(code)s, in place of %(before)s"),
    icon="category",
    tone="amber",
)
register("catalogue.item_enabled", _("Item switched on: %(code)s"), icon="toggle-right")
register("catalogue.item_disabled", _("Item switched off: %(code)s"), icon="toggle-left")
register(
    "catalogue.limit_set",
    _("Limit read by a person: “%(verbatim)s” means %(after)s"),
    icon="hourglass",
)
register(
    "rule.added",
    _("Responsibility rule added: item %(item_code)s, area %(area_code)s, %(organisation)s"),
    icon="route",
)
register("rule.changed", _("Responsibility rule changed"), icon="route")
register("incidents.exported", _("Took a list of cases away: %(rows)s rows"), icon="file-export")
