"""Celery only wakes things up. What must happen is in the database: losing every message here loses nothing."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("liandong")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    "sweep lapsed clocks": {"task": "deadlines.sweep", "schedule": 30.0},
    "fire reminders and escalations": {"task": "deadlines.fire_rungs", "schedule": 30.0},
    "warn of provisional dates": {"task": "deadlines.warn_provisional", "schedule": 86400.0},
    "seal the journal": {"task": "journal.seal", "schedule": 60.0},
    "keep the counts of closed months": {"task": "dashboards.close_months", "schedule": 3600.0},
    "go on with imports": {"task": "exchange.go_on", "schedule": 30.0},
    "deliver notices": {"task": "notices.deliver", "schedule": 15.0},
    "give the journal's roots out": {"task": "journal.export_roots", "schedule": crontab(hour=8, minute=5)},
}
