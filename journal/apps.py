"""The append-only event log, its seal, and the readers that follow it."""

from collections.abc import Sequence

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JournalConfig(AppConfig):
    name = "journal"

    def ready(self) -> None:
        """Take what the room below does: accounts cannot import the journal, so it is handed the door.

        And let every room say how its events and notices are told: its module `event_words`.
        """
        from accounts import journaling
        from journal.append import Happening, append_many

        def write(deeds: Sequence[journaling.Deed]) -> None:
            append_many([Happening(**vars(deed)) for deed in deeds])

        journaling.written_by(write)
        autodiscover_modules("event_words")
