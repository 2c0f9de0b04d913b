"""The site as it is deployed, with one address more."""

import os
from importlib import import_module

from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nap_monitor.settings")
settings.ROOT_URLCONF = "benchmarks.pages_urls"
application = import_module("nap_monitor.wsgi").application
