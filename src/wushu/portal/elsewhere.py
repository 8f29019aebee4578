"""What other catalogues have of a search in ours: shown beneath it, never among it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from wushu.harvest import selectors as harvest

SHOWN = 3
"""Records beneath our own results; the rest has a page of its own."""


def beneath(query: str) -> dict[str, Any]:
    """For the part ``parts/elsewhere.html``."""
    address = reverse("portal:harvested")
    return {
        "elsewhere": harvest.records(query=query, limit=SHOWN),
        "elsewhere_address": f"{address}?{urlencode({'q': query})}" if query else address,
    }
