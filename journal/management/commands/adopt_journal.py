"""manage.py adopt_journal"""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from journal.adopt import adopt


class Command(BaseCommand):
    """To be run once after a dump was loaded into a new PostgreSQL cluster, before anybody works."""

    help = "Let the journal go on in a new cluster, whose transaction ids start again."

    def handle(self, *args: Any, **options: Any) -> None:
        offset = adopt()
        if offset:
            self.stdout.write(_("The journal goes on: %s is added to transaction ids.") % offset)
        else:
            self.stdout.write(_("Nothing to do: the journal is at home in this cluster."))
