"""The real Celery application on a test's database: `python -m celery -A tests.drills.drill_app worker|beat`.

The database is named by YIWANG_DRILL_DATABASE, the broker by CELERY_BROKER_URL.
"""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

from django.conf import settings

settings.DATABASES["default"]["NAME"] = os.environ["YIWANG_DRILL_DATABASE"]

from config.celery import app  # noqa: E402 - the settings come first

__all__ = ["app"]
