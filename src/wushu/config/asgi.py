"""The node's ASGI application: the data plane answers first, Django answers the rest."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wushu.config.settings")

application = get_asgi_application()
