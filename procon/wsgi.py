"""The WSGI entry for gunicorn, which loads it once and then divides into its processes."""

import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "procon.settings")

application = get_wsgi_application()
#: Every page, before the processes are there: each would load them for itself, while somebody waits for the first one.
import_module("procon.urls")
