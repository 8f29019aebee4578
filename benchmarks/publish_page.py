"""Publishes the table read from standard input on the fresh node of ``WUSHU_HOME``; prints an API key."""

from __future__ import annotations

import json
import sys

import django
from django.conf import settings
from django.core.management import call_command

if __name__ == "__main__":
    settings.HOME.mkdir(parents=True)
    settings.STATIC_ROOT.mkdir()
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    from tests.dataplane.query import support

    from wushu.catalog.types import FieldSpec

    header, rows = json.load(sys.stdin)
    fields = tuple(FieldSpec(name, key=name == "code") for name in header)
    public = support.publish("streets", fields=fields, rows=[tuple(row) for row in rows])
    support.grant(public)
    closed = support.publish("closed", fields=fields, rows=[tuple(row) for row in rows])
    someone = support.reader()
    support.grant(closed)
    print(someone.key)
