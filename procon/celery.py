"""The Celery application. Celery delivers; what is due is always a query (docs/decisions)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "procon.settings")

app = Celery("procon")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
