"""What stands on the pages of one's favourites and subscriptions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from wushu.catalog import selectors as catalog
from wushu.catalog.types import EntryState, EntryView
from wushu.opening import selectors as opening
from wushu.opening.types import NOTHING_TO_FOLLOW, SubscriptionView, Target, TargetKind
from wushu.opening.types import Followed as FollowedNow
from wushu.parties import selectors as parties
from wushu.parties.types import Actor
from wushu.portal.forms.search import SearchForm
from wushu.portal.requests import language


@dataclass(frozen=True, slots=True)
class Favourite:
    """A marked dataset as it stands today."""

    entry: EntryView
    since: datetime
    closed: bool
    """Sealed or withdrawn: the list says so instead of leaving it out."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What a subscription follows, in words, with its page and its feed."""

    words: str
    page: str
    feed: str


@dataclass(frozen=True, slots=True)
class Line:
    """One subscription in the list."""

    view: SubscriptionView
    followed: Followed


def favourites(actor: Actor) -> list[Favourite]:
    """What the actor marked, newest first; closed ones are shown as what they are."""
    marked = opening.favourites(actor=actor)
    known = catalog.entries_known([one.dataset for one in marked])
    return [
        Favourite(entry, one.since, entry.state is not EntryState.LISTED)
        for one in marked
        if (entry := known.get(one.dataset)) is not None
    ]


def lines(actor: Actor) -> list[Line]:
    """The actor's subscriptions."""
    views = opening.subscriptions(actor=actor)
    found = opening.followed([one.target for one in views])
    return [Line(view, _said(one)) for view, one in zip(views, found, strict=True)]


def target_asked(query: QueryDict) -> Target:
    """What the address of the page says to follow; refusals ``nothing-to-follow``, ``not-found``."""
    what = query.get("what", "")
    if what == TargetKind.DATASET:
        return Target(TargetKind.DATASET, catalog.entry_by_slug(query.get("slug", "")).id)
    if what == TargetKind.BODY:
        return Target(TargetKind.BODY, parties.organisation_by_code(query.get("code", "")).id)
    if what == TargetKind.CASES:
        return Target(TargetKind.CASES)
    if what == TargetKind.SEARCH and (asked := SearchForm(query).asked()):
        return Target(TargetKind.SEARCH, search=asked)
    raise NOTHING_TO_FOLLOW()


def followed(target: Target) -> Followed:
    """In words for people."""
    (found,) = opening.followed([target])
    return _said(found)


def _said(found: FollowedNow) -> Followed:
    if found.entry is not None:
        page = reverse("portal:dataset", args=[found.entry.slug])
        return Followed(found.entry.title(language()), page, f"/datasets/{found.entry.slug}.atom")
    if found.body is not None:
        words = _("new data of %(name)s") % {"name": found.body.name(language())}
        page = reverse("portal:body", args=[found.body.code])
        return Followed(words, page, f"/datasets.atom?{urlencode({'body': found.body.code})}")
    if found.target.kind is TargetKind.CASES:
        return Followed(opening.CASES_FOLLOWED(language()), reverse("portal:case-notices"), "")
    if found.target.id is not None:
        return Followed(str(found.target.id), "", "")
    asked = dict(found.target.search or {})
    said = opening.search_words(asked, language())
    words = _("new data for the search “%(words)s”") % {"words": said}
    query = urlencode(asked)
    return Followed(words, f"{reverse('portal:datasets')}?{query}", f"/datasets.atom?{query}")
