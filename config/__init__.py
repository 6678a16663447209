"""Settings, addresses and entry points. Not an app."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
