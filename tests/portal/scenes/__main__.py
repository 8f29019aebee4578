"""The program; Django is set up before anything that holds tables is imported."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import django


def main() -> None:
    django.setup()
    from tests.portal.scenes.filling import fill
    from tests.portal.scenes.people import initialise

    initialise()
    sys.stdout.write(json.dumps(asdict(fill())))


if __name__ == "__main__":
    main()
