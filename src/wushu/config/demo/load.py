"""Loads the demonstration region through the services that everyone else uses.

Each step looks first whether it was done, so a load that was interrupted is continued and a second
one adds nothing.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction

from wushu.catalog import selectors as catalog
from wushu.catalog import services as catalog_services
from wushu.catalog.types import EntryAct, EntryState, EntryView, RevisionState, RevisionView
from wushu.config.demo import arranging, assessments, cases, needs, plans, region, results, rules
from wushu.config.demo.catalogue import DATASETS, GRANTS
from wushu.config.demo.dataset import DemoDataset, Edition, TableFile
from wushu.dataplane import selectors as dataplane
from wushu.dataplane import services as dataplane_services
from wushu.dataplane.types import UploadState
from wushu.evidence import selectors as evidence
from wushu.evidence import services as evidence_services
from wushu.kernel.errors import NOT_FOUND, Refusal, Said, kind
from wushu.parties import selectors as parties
from wushu.parties import services as parties_services
from wushu.parties.types import NODE, Actor

NOT_LOCAL = kind(
    "demo-not-local",
    409,
    zh="本节点的地址是 {address}，不能装演示数据：演示账号的密码是公开的。",
    en="This node answers at {address}; the demo is not loaded, since its passwords are public.",
    way_out_zh="演示请在本机运行：WUSHU_BASE_URL 应为 http://127.0.0.1:端口。",
    way_out_en="Run the demo on this machine alone: WUSHU_BASE_URL must be http://127.0.0.1:PORT.",
)
OTHER_REGION = kind(
    "demo-other-region",
    409,
    zh="本节点已为{region}初始化，不能装虚构地区的演示数据。",
    en="This node was initialised for {region}; an invented region does not belong in it.",
    way_out_zh="请用新的 WUSHU_HOME 装演示数据。",
    way_out_en="Load the demo with a WUSHU_HOME of its own.",
)
LOAD_FAILED = kind(
    "demo-load-failed",
    500,
    zh="演示数据集 {dataset} 没有装载成功：{reason}。",
    en="The demonstration dataset {dataset} was not loaded: {reason}.",
    way_out_zh="请把这句话报告给维护者；再次运行会接着装载。",
    way_out_en="Report this sentence to the maintainers; running it again continues the load.",
)

_CLOSED = (EntryState.SEALED, EntryState.WITHDRAWN)
_CLOSINGS = {
    EntryAct.SEAL: (catalog_services.entry_seal, "catalog.entry.sealed"),
    EntryAct.WITHDRAW: (catalog_services.entry_withdraw, "catalog.entry.withdrawn"),
}
"""How it is closed, and the name under which the log keeps that."""

Say = Callable[[str], None]
"""Told one line for each step that was done."""


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What a load added; zeros when everything was there."""

    organisations: int = 0
    people: int = 0
    datasets: int = 0


def load(say: Say = lambda line: None, *, only: Collection[str] | None = None) -> DemoResult:
    """Initialise the node if it is new, and bring the demonstration region up to date.

    ``only`` names the datasets to load; by default all of them.

    Refusals: ``demo-not-local``, ``demo-other-region``, ``demo-package-missing``,
    ``demo-load-failed``.
    """
    require_local(settings.BASE_URL)
    _initialise()
    with transaction.atomic():
        organisations = sum(_register(body) for body in region.ORGANISATIONS)
        people = sum(_admit(person) for person in region.PEOPLE)
    if people:
        say(f"{region.NAME_ZH}: {organisations} bodies, {people} people")
    chosen = {slug: build for slug, build in DATASETS.items() if only is None or slug in only}
    datasets = sum(_publish(slug, build, say) for slug, build in chosen.items())
    arranging.arrange()
    rules.apply()
    for slug, grants in GRANTS.items():
        for grant in grants if slug in chosen else ():
            cases.deliver(slug, grant)
    if cases.ELSEWHERE in chosen:
        cases.apply_elsewhere()
    if chosen.keys() >= {cases.CONDITIONAL, cases.UNCONDITIONAL}:
        cases.exemplify()
        plans.plan((cases.CONDITIONAL, cases.UNCONDITIONAL))
        needs.ask(answered_by=cases.UNCONDITIONAL)
        assessments.assess()
        results.show()
    evidence_services.sequence()
    return DemoResult(organisations, people, datasets)


def require_local(base_url: str) -> None:
    """Refuse a node that others can reach (``demo-not-local``)."""
    if not is_local(urlsplit(base_url).hostname or ""):
        raise NOT_LOCAL(address=base_url)


def is_local(host: str) -> bool:
    """Whether only this machine reaches the host."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_loaded() -> bool:
    """Whether this node is the demonstration region's, whose accounts everybody can sign in to."""
    node = evidence.node_or_none()
    return node is not None and node.region_zh == region.NODE_NAME_ZH


def _initialise() -> None:
    node = evidence.node_or_none()
    if node is None:
        evidence_services.node_initialise(
            origin=f"{urlsplit(settings.BASE_URL).netloc}/evidence",
            identifier_base=settings.BASE_URL,
            region_zh=region.NODE_NAME_ZH,
            region_en=region.NODE_NAME_EN,
            division=region.DIVISION,
        )
    elif node.division != region.DIVISION:
        raise OTHER_REGION(region=node.region_zh)


def _register(body: region.DemoOrganisation) -> bool:
    """Register a body; whether it was new."""
    if any(known.code == body.code for known in parties.organisations()):
        return False
    with transaction.atomic():
        made = parties_services.organisation_register(
            actor=NODE,
            kind=body.kind,
            code=body.code,
            name_zh=body.name_zh,
            name_en=body.name_en,
            division=body.division,
            level=body.level,
            contact_name=body.contact_name,
            contact_email=body.contact_email,
        )
        if body.above:
            parties_services.organisation_place(
                actor=NODE, organisation=made.id, above=_body(body.above)
            )
    return True


def _admit(person: region.DemoPerson) -> bool:
    """Register a person with roles and an account; whether they were new."""
    try:
        parties.actor_for_username(person.username)
    except Refusal as refusal:
        if refusal.name != NOT_FOUND.name:
            raise
    else:
        return False
    known = parties_services.person_register(actor=NODE, name=person.name)
    for role in person.roles:
        parties_services.membership_grant(
            actor=NODE, person=known, organisation=_body(person.organisation), role=role
        )
    parties_services.account_create(
        actor=NODE, username=person.username, password=region.PASSWORD, person=known
    )
    return True


def _body(key: str) -> UUID:
    return parties.organisation_by_code(region.organisation(key).code).id


def _publish(slug: str, build: Callable[[], DemoDataset], say: Say) -> bool:
    """Bring a dataset to where its definition says; whether there was anything to do."""
    entry = _entry(slug)
    if entry is not None and entry.state in _CLOSED:
        return False
    dataset = build()
    pending = _pending(dataset, entry)
    clerk = parties.actor_for_username(region.clerk_of(dataset.body).username)
    for edition in pending:
        entry = _drafted(dataset, edition, entry, clerk)
        _file_and_list(dataset, edition, entry, clerk)
    closed = _close(dataset)
    if pending or closed:
        say(f"{slug}: {dataset.metadata.title_zh}")
    return bool(pending) or closed


def _pending(dataset: DemoDataset, entry: EntryView | None) -> Sequence[Edition]:
    """The editions that a new or interrupted load still has to list.

    Where the newest revision is none of ours, or was returned, somebody works on it at the desk: it
    is theirs and left alone.
    """
    if entry is None:
        return dataset.editions
    newest = entry.revision
    assert newest is not None
    said = [edition.metadata for edition in dataset.editions]
    if newest.metadata not in said or newest.state is RevisionState.RETURNED:
        return ()
    at = said.index(newest.metadata)
    listed = newest.state is RevisionState.LISTED
    return dataset.editions[at + 1 if listed else at :]


def _drafted(
    dataset: DemoDataset, edition: Edition, entry: EntryView | None, clerk: Actor
) -> EntryView:
    """The entry with a revision that says what the edition says, drafted if need be."""
    if entry is None:
        return catalog_services.entry_create(
            actor=clerk,
            body=_body(dataset.body),
            slug=dataset.slug,
            metadata=edition.metadata,
            fields=list(dataset.fields),
        )
    newest = catalog.entry_by_id(entry.id, actor=clerk)
    assert newest.revision is not None
    if newest.revision.metadata == edition.metadata:
        return newest
    catalog_services.revision_draft(actor=clerk, entry=entry.id, metadata=edition.metadata)
    return catalog.entry_by_id(entry.id, actor=clerk)


def _close(dataset: DemoDataset) -> bool:
    """Seal or withdraw what left the open again, once; whether that was done now.

    The log tells whether it was done: what was sealed and restored at the desk since is left alone.
    """
    closing = dataset.closing
    if closing is None:
        return False
    close, recorded_as = _CLOSINGS[closing.act]
    entry = catalog.entry_by_slug(dataset.slug, actor=NODE)
    if entry.state is not EntryState.LISTED or evidence.entry_of_act(entry.urn, recorded_as):
        return False
    actor = parties.actor_for_username(closing.username)
    close(actor=actor, entry=entry.id, reason=closing.reason, basis=closing.basis)
    return True


def _entry(slug: str) -> EntryView | None:
    """The entry with its newest revision, whatever its state; None when there is none."""
    try:
        return catalog.entry_by_slug(slug, actor=NODE)
    except Refusal as refusal:
        if refusal.name != NOT_FOUND.name:
            raise
        return None


def _file_and_list(dataset: DemoDataset, edition: Edition, entry: EntryView, clerk: Actor) -> None:
    """From where the entry stands to the listed state."""
    revision = entry.revision
    assert revision is not None
    if edition.file is not None and not _has_its_data(entry, revision):
        _load_file(dataset, edition.file, entry, clerk)
    if revision.state is RevisionState.DRAFT:
        loaded = catalog.entry_by_id(entry.id, actor=clerk).revision
        assert loaded is not None
        if catalog.listing_procedure(loaded.id, actor=clerk) is None:
            loaded = catalog_services.revision_submit(actor=clerk, revision=loaded.id)
        revision = loaded
    if revision.state is RevisionState.DRAFT or revision.case is not None:
        cases.list_by_the_book(entry, revision.metadata.attribute, clerk)
        return
    reviewer = parties.actor_for_username(region.REVIEWER)
    dataplane_services.revision_list(actor=reviewer, revision=revision.id)


def _has_its_data(entry: EntryView, revision: RevisionView) -> bool:
    """Whether the edition's file was loaded: a new draft begins with the former version."""
    others = (one for one in catalog.revisions(entry.id, actor=NODE) if one.id != revision.id)
    former = {one.version.id for one in others if one.version is not None}
    return revision.version is not None and revision.version.id not in former


def _load_file(dataset: DemoDataset, file: TableFile, entry: EntryView, clerk: Actor) -> None:
    """Hand in the file, confirm the dictionary's types, load; or finish what was confirmed."""
    load = _confirmed_load(entry.id, clerk) or _hand_in(dataset, file, entry, clerk)
    dataplane_services.load_run(load)
    done = dataplane.load(load, actor=clerk)
    if done.state is not UploadState.LOADED:
        why = done.refusal or {"zh": done.state.value, "en": done.state.value}
        reason = Said(why["zh"].rstrip("。"), why["en"].rstrip("."))
        raise LOAD_FAILED(dataset=dataset.slug, reason=reason)


def _confirmed_load(entry: UUID, clerk: Actor) -> UUID | None:
    """A load of the entry that an interruption left between confirming and loading."""
    started = (UploadState.QUEUED, UploadState.LOADING)
    found = (one for one in dataplane.loads_open(actor=clerk) if one.entry == entry)
    return next((one.id for one in found if one.state in started), None)


def _hand_in(dataset: DemoDataset, file: TableFile, entry: EntryView, clerk: Actor) -> UUID:
    """Receive the file, look into it, confirm; the load that is ready to run.

    Finding the encoding is part of what the demonstration shows: the clerk says it only when asked.
    """
    with file.open() as stream:
        upload = dataplane_services.upload_receive(
            actor=clerk,
            body=entry.body,
            name=file.name,
            stream=stream,
            enqueue=False,
        )
    dataplane_services.load_inspect(upload.load)
    if dataplane.load(upload.load, actor=clerk).state is UploadState.UNDECIDED:
        dataplane_services.load_redescribe(
            actor=clerk, load=upload.load, encoding=file.encoding, enqueue=False
        )
        dataplane_services.load_inspect(upload.load)
    dataplane_services.load_confirm(
        actor=clerk, load=upload.load, fields=list(dataset.fields), entry=entry.id, enqueue=False
    )
    return upload.load
