"""The project: settings, addresses, base pages and the commands that start it all."""

from procon.celery import app as celery_app

__all__ = ["celery_app"]
