"""Favourites, subscriptions and what is told to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from wushu.catalog.types import EntryView
from wushu.parties.types import OrganisationView


class Channel(StrEnum):
    """By which way notices reach a person. A feed needs no subscription here."""

    MAIL = "mail"
    WEBHOOK = "webhook"


class TargetKind(StrEnum):
    """What is followed."""

    DATASET = "dataset"
    BODY = "body"
    SEARCH = "search"
    CASES = "cases"  # what happens in one's own cases and in those that wait for one


class SubscriptionState(StrEnum):
    """Where a subscription stands."""

    UNCONFIRMED = "unconfirmed"  # the address has not agreed yet
    ACTIVE = "active"
    SUSPENDED = "suspended"  # delivery was given up; the person may take it up again


class EventKind(StrEnum):
    """What happened to a dataset, as notices name it."""

    LISTED = "dataset.listed"
    VERSION = "dataset.version"
    CHANGED = "dataset.changed"
    SEALED = "dataset.sealed"
    RESTORED = "dataset.restored"
    WITHDRAWN = "dataset.withdrawn"


class DeliveryState(StrEnum):
    """Where one message stands."""

    WAITING = "waiting"
    SENT = "sent"
    DROPPED = "dropped"  # given up, or overtaken by the subscription's suspension


class Problem(StrEnum):
    """Why a message did not arrive, or why a subscription was suspended."""

    UNREACHABLE = "unreachable"
    REFUSED_ADDRESS = "refused-address"  # the guard against addresses inside the node's network
    ANSWER = "answer"  # the receiver answered with an error
    GONE = "gone"  # the receiver answered 410: it wants no more
    CHALLENGE = "challenge"  # the receiver did not give the challenge back
    MAIL_SERVER = "mail-server"
    MAILBOX = "mailbox"  # the mail server says that there is no such mailbox
    KEY_LOST = "key-lost"  # the node's key changed: the address cannot be read any more


@dataclass(frozen=True, slots=True)
class Target:
    """What a subscription follows: an entry, an organisation, or parameters of a search."""

    kind: TargetKind
    id: UUID | None = None
    """Of the entry or the organisation."""
    search: Mapping[str, str] | None = None
    """Parameters of ``/datasets``, as the search page understood them."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What a subscription follows, as the public knows it today."""

    target: Target
    entry: EntryView | None = None
    """Of a dataset; a sealed or withdrawn one by its notice."""
    body: OrganisationView | None = None
    """Of an organisation."""


@dataclass(frozen=True, slots=True)
class FavouriteView:
    """A dataset somebody marked, as it stands today."""

    dataset: UUID
    since: datetime


@dataclass(frozen=True, slots=True)
class SubscriptionView:
    """A subscription as its owner sees it."""

    id: UUID
    channel: Channel
    target: Target
    state: SubscriptionState
    address: str
    """Empty where the node's key was lost: it cannot be read any more."""
    created_at: datetime
    problem: Problem | None = None
    """Why it is suspended or why the last message did not arrive yet."""
    next_try: datetime | None = None
    """When delivery is tried again, while it fails."""
    sent: int = 0
    """Notices delivered and still kept."""
