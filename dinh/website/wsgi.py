"""The web process: a WSGI application, run by granian."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dinh.website.settings")
application = get_wsgi_application()
