#!/usr/bin/env python
"""Django's command line for Yiwang."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    try:
        execute_from_command_line(sys.argv)
    except KeyboardInterrupt:
        sys.exit("\nInterrupted.")
    except OperationalError as error:
        sys.exit(_unreachable(error) or f"The database refused: {error}")


def _unreachable(error: Exception) -> str | None:
    """The sentence for a database that is not up, or None if it is and something else is wrong."""
    from django.conf import settings

    if settings.DATABASE_URL:
        return None
    from config.embedded import answering, socket_dir

    if answering(settings.VAR_DIR):
        return None
    return (
        f"No database answers in {socket_dir(settings.VAR_DIR)}.\n"
        "Start it with ./run (or only the servers: python -m config.embedded start),"
        " or name another one in DATABASE_URL."
    )


if __name__ == "__main__":
    main()
