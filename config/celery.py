"""The Celery application and its schedule. Every periodic task is safe to run twice."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("yiwang")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    "sweep clocks": {"task": "clocks.tasks.sweep", "schedule": 2.0, "options": {"expires": 10}},
    "recalculate deadlines": {
        "task": "clocks.tasks.recalculate",
        "schedule": 5.0,
        "options": {"expires": 10},
    },
    "tell people": {"task": "incidents.tasks.tell", "schedule": 2.0, "options": {"expires": 10}},
    "plan ladders": {"task": "escalation.tasks.plan", "schedule": 2.0, "options": {"expires": 10}},
    "climb ladders": {
        "task": "escalation.tasks.climb",
        "schedule": 2.0,
        "options": {"expires": 10},
    },
    "tell of ladders": {
        "task": "escalation.tasks.tell",
        "schedule": 2.0,
        "options": {"expires": 10},
    },
    "tell of orders": {
        "task": "supervision.tasks.tell",
        "schedule": 2.0,
        "options": {"expires": 10},
    },
    "end orders with their cases": {
        "task": "supervision.tasks.end_with_cases",
        "schedule": 30.0,
        "options": {"expires": 60},
    },
    "resume suspended": {"task": "incidents.tasks.resume_due", "schedule": 60.0},
    "evaluate silent": {"task": "incidents.tasks.evaluate_silent", "schedule": 3600.0},
    **{
        f"deliver by {channel}": {
            "task": "notices.tasks.deliver",
            "schedule": 5.0,
            "args": (channel,),
            "options": {"expires": 10},
        }
        for channel in ("email", "gateway")
    },
    "call partners": {
        "task": "notices.tasks.call_partners",
        "schedule": 2.0,
        "options": {"expires": 10},
    },
    "seal the journal": {"task": "journal.tasks.seal", "schedule": 3600.0},
    "forget expired tokens": {"task": "config.tasks.forget_tokens", "schedule": 86400.0},
    "remove lost photos": {"task": "incidents.tasks.remove_orphans", "schedule": 21600.0},
    "forget old answers": {"task": "config.tasks.forget_answers", "schedule": 3600.0},
    "forget old uploads": {"task": "accounts.tasks.forget", "schedule": 3600.0},
    "follow whistles": {
        "task": "whistles.tasks.follow",
        "schedule": 2.0,
        "options": {"expires": 10},
    },
    "follow hotline orders": {
        "task": "hotline.tasks.follow_orders",
        "schedule": 2.0,
        "options": {"expires": 10},
    },
    "watch the calendar": {"task": "clocks.tasks.watch_calendar", "schedule": 3600.0},
}
