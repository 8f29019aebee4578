"""The malware scanner that the settings name."""

from __future__ import annotations

from django.conf import settings

from wushu.kernel.scanning import NoScanner, Scanner
from wushu.kernel.scanning.clamd import Clamd


def scanner() -> Scanner:
    """ClamAV's daemon, or none; ``ValueError`` for an address that is not understood."""
    return (
        Clamd(settings.CLAMD_URL, settings.CLAMD_MAX_BYTES) if settings.CLAMD_URL else NoScanner()
    )
