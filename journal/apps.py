"""The append-only event log, its seal, and the readers that follow it."""

from collections.abc import Sequence

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "journal"

    def ready(self) -> None:
        """Take what the room below does: accounts cannot import the journal, so it is handed the door."""
        from accounts import journaling
        from journal.append import Happening, append_many

        def write(deeds: Sequence[journaling.Deed]) -> None:
            append_many([Happening(**vars(deed)) for deed in deeds])

        journaling.written_by(write)
