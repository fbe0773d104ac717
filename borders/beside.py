"""What the responsibility rules say already where a ruling would write one: shown before, so that no tie surprises."""

from django.utils.translation import gettext as _

from borders.models import Matter
from incidents.models import ResponsibilityRule


def rules_beside(matter: Matter) -> list[str]:
    """The rules without an end for the same matter and area, each as a sentence: a new one of the same priority that
    names another unit ties with it and is refused."""
    if not matter.item_code:
        return []
    same = ResponsibilityRule.objects.filter(
        item_code=matter.item_code, area_code=matter.area_code, valid_to=None
    ).exclude(pk=matter.rule_id or 0)
    return [
        _(
            "Rule %(rule)s names %(unit)s for the same matter and area with the priority %(priority)s: "
            "another unit needs a higher one."
        )
        % {"rule": rule.pk, "unit": rule.organisation.shown_name, "priority": rule.priority}
        for rule in same.select_related("organisation")
    ]
