"""The Celery application and its schedule. Every periodic task is safe to run twice."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("yiwang")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# What people wait for: every two seconds; a round that could not begin within ten is dropped, the next one does it.
AT_ONCE = {
    "sweep clocks": "clocks.tasks.sweep",
    "tell people": "incidents.tasks.tell",
    "plan ladders": "escalation.tasks.plan",
    "climb ladders": "escalation.tasks.climb",
    "tell of ladders": "escalation.tasks.tell",
    "tell of orders": "supervision.tasks.tell",
    "call partners": "notices.tasks.call_partners",
    "follow whistles": "whistles.tasks.follow",
    "follow borders": "borders.tasks.follow",
    "follow campaigns": "campaigns.tasks.follow",
    "call people up": "emergency.tasks.follow",
    "follow orders of the hotline": "hotline.tasks.follow_orders",
}

app.conf.beat_schedule = {
    **{
        name: {"task": task, "schedule": 2.0, "options": {"expires": 10}}
        for name, task in AT_ONCE.items()
    },
    **{
        f"deliver by {channel}": {
            "task": "notices.tasks.deliver",
            "schedule": 5.0,
            "args": (channel,),
            "options": {"expires": 10},
        }
        for channel in ("email", "gateway")
    },
    "recalculate deadlines": {
        "task": "clocks.tasks.recalculate",
        "schedule": 5.0,
        "options": {"expires": 10},
    },
    "train what was asked": {
        "task": "hotline.tasks.train_asked",
        "schedule": 10.0,
        "options": {"expires": 20},
    },
    "end orders with their cases": {
        "task": "supervision.tasks.end_with_cases",
        "schedule": 30.0,
        "options": {"expires": 60},
    },
    "resume suspended": {"task": "incidents.tasks.resume_due", "schedule": 60.0},
    "evaluate silent": {"task": "incidents.tasks.evaluate_silent", "schedule": 3600.0},
    "forget old messages": {"task": "notices.tasks.forget", "schedule": 3600.0},
    "forget old answers": {"task": "config.tasks.forget_answers", "schedule": 3600.0},
    "forget old uploads": {"task": "accounts.tasks.forget", "schedule": 3600.0},
    "seal the journal": {"task": "journal.tasks.seal", "schedule": 3600.0},
    "watch the calendar": {"task": "clocks.tasks.watch_calendar", "schedule": 3600.0},
    "remove lost photos": {"task": "incidents.tasks.remove_orphans", "schedule": 21600.0},
    "forget expired tokens": {"task": "config.tasks.forget_tokens", "schedule": 86400.0},
    # 03:20 in Shanghai: filings of the day are in, and the morning is far.
    "learn by night": {
        "task": "hotline.tasks.train_nightly",
        "schedule": crontab(hour=3, minute=20),
    },
}
