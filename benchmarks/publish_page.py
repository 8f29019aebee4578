"""Publishes the CSV read from standard input on the fresh node of ``WUSHU_HOME``; prints an API key.

Through the real services: a clerk hands it in and confirms it, a second person lists it.
"""

from __future__ import annotations

import io
import sys
from dataclasses import replace

import django

if __name__ == "__main__":
    django.setup()
    from django.conf import settings

    from wushu.catalog import services as catalog
    from wushu.catalog.types import Attribute, FieldType, Metadata
    from wushu.config.commands.node import prepare_database
    from wushu.dataplane import selectors as data_selectors
    from wushu.dataplane import services as data
    from wushu.evidence import services as evidence
    from wushu.kernel.identifiers.credit_code import check_character
    from wushu.parties import selectors, services
    from wushu.parties.types import NODE, OrganisationKind, Role, Scope

    prepare_database()
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    evidence.node_initialise(
        origin="bench.example/log", identifier_base="http://bench.example", region_zh="示例市",
        region_en="Sample City", division="320500",
    )  # fmt: skip
    actors, bodies = [], []
    for n, (username, role) in enumerate(
        (("clerk", Role.OPENING_BODY), ("reviewer", Role.DATA_AUTHORITY))
    ):
        code = f"1132050000000010{n}"
        code += check_character(code)
        body = services.organisation_register(
            actor=NODE, kind=OrganisationKind.DEPARTMENT, code=code, name_zh=f"示例市第{n}局",
            division="320500",
        )  # fmt: skip
        bodies.append(body.id)
        person = services.person_register(actor=NODE, name=username)
        services.membership_grant(actor=NODE, person=person, organisation=body.id, role=role)
        account = services.account_create(
            actor=NODE, username=username, password="ink, paper and a seal", person=person
        )
        actors.append(selectors.actor_for_account(account))
    clerk, reviewer = actors
    upload = data.upload_receive(
        actor=clerk, body=bodies[0], name="streets.csv", enqueue=False,
        stream=io.BytesIO(sys.stdin.buffer.read()),
    )  # fmt: skip
    data.load_inspect(upload.load)
    found = data_selectors.load(upload.load, actor=clerk).found
    assert found is not None
    fields = [replace(column.proposal, type=FieldType.TEXT) for column in found.columns]
    entry = catalog.entry_create(
        actor=clerk, body=bodies[0], slug="streets", fields=fields,
        metadata=Metadata(
            title_zh="乡镇街道名录", description_zh="乡镇街道的代码与名称。", theme="REGI",
            attribute=Attribute.UNCONDITIONAL, attribute_reason="公开信息。", keywords=("区划",),
            update_cycle="ANNUAL", contact_name="数据科", contact_email="data@bench.example",
            licence="http://publications.europa.eu/resource/authority/licence/CC_BY_4_0",
        ),
    )  # fmt: skip
    data.load_confirm(actor=clerk, load=upload.load, fields=fields, entry=entry.id, enqueue=False)
    data.load_run(upload.load)
    assert entry.revision is not None
    catalog.revision_submit(actor=clerk, revision=entry.revision.id)
    data.revision_list(actor=reviewer, revision=entry.revision.id)
    _, key = services.api_key_issue(
        actor=NODE, account=clerk.account, name="bench", scopes=[Scope.ROWS_READ]
    )
    print(key)
