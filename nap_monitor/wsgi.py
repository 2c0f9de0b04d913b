"""The server's entry point."""

import os

from django.core.wsgi import get_wsgi_application

from common.release import release

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nap_monitor.settings")

application = get_wsgi_application()
release()  # before anything is served: the files may be replaced while this process runs
