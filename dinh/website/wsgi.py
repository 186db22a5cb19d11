"""The web process: a WSGI application, run by granian."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dinh.website.settings")
application = get_wsgi_application()

# What stands now stands as long as the process: the collector looks at what requests leave, not at the house.
# Otherwise every twentieth large page waits a fifth of a second while it counts all modules again.
_ = get_resolver().url_patterns
gc.collect()
gc.freeze()
