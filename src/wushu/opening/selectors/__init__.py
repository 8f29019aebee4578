"""Reads of this app, each for whom it is."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q
from django.utils import timezone

from wushu.kernel.errors import NOT_FOUND
from wushu.opening import computed, labels, links, rules
from wushu.opening.addresses import channels
from wushu.opening.following import CASES as CASES_FOLLOWED
from wushu.opening.following import followed, search_words
from wushu.opening.indicators import indicator_faults, indicator_folders, indicator_system
from wushu.opening.models import Delivery, Favourite, Incident, Subscription
from wushu.opening.plan_sheets import LAYOUT as PLAN_LAYOUT
from wushu.opening.plan_sheets import plan_items_of_sheet
from wushu.opening.presenting import incident_view, subscription_view
from wushu.opening.refusals import CONFIRMATION_INVALID
from wushu.opening.rules import computations as computing_rules
from wushu.opening.selectors.assessments import (
    assessment,
    assessment_document,
    assessment_lines,
    assessments,
    bodies_to_comment,
    indicators_of,
    may_assess,
)
from wushu.opening.selectors.bulk import (
    bulk_cases,
    bulk_document,
    bulk_preview,
    bulk_steps,
)
from wushu.opening.selectors.case_notices import (
    COUNTED_MOST,
    case_notices,
    case_notices_unread,
)
from wushu.opening.selectors.cases import (
    AgreementView,
    agreement,
    agreement_documents,
    agreements,
    columns_of,
    columns_of_case,
    filing_for,
    first_step,
    granting_rule,
    listing_procedure,
    rule_applying,
    rules_applying,
    to_begin,
    to_file,
)
from wushu.opening.selectors.computations import (
    RESULT_SHOWN,
    computable_columns,
    computable_here,
    computation,
    computation_document,
    computation_obstacle,
    computation_shown,
    computations_failed,
    computations_mine,
    computations_waiting,
    computed_cells,
    computed_csv,
    computed_faults,
    computed_file,
    may_decide_computations,
)
from wushu.opening.selectors.contests import (
    ORGANISERS,
    ORGANISERS_ACTS,
    contest,
    contest_changeable,
    contest_runs,
    contests,
    contests_held,
    contests_of,
    enterable,
)
from wushu.opening.selectors.documents import (
    case_document,
    case_lines,
    case_notice_documents,
    figures_document,
    notices_document,
    public_case_document,
    reassessment_documents,
)
from wushu.opening.selectors.due_care import due_care, due_care_document, may_read_due_care
from wushu.opening.selectors.governing import granting_case, sealing_case
from wushu.opening.selectors.grants import grant_documents
from wushu.opening.selectors.grounds import LivingArticle, article_living
from wushu.opening.selectors.needs import (
    call_document,
    may_answer_need,
    may_decide_need,
    may_open_call,
    need,
    need_call,
    need_calls,
    need_document,
    need_may_become_case,
    needs_mine,
    needs_page,
    needs_waiting,
)
from wushu.opening.selectors.plans import (
    plan,
    plan_bodies,
    plan_document,
    plan_lines,
    plan_obstacle,
    plan_years,
    plans_at_desk,
    plans_of_body,
    plans_of_regions,
    plans_page,
    plans_waiting,
    priority_domains,
)
from wushu.opening.selectors.ratings import (
    RATINGS_LEAST,
    comment,
    comment_obstacle,
    comments,
    comments_waiting,
    rating_figures,
    rating_mine,
    ratings_mine,
)
from wushu.opening.selectors.reassessing import (
    reassessment_of,
    reassessments_due,
    reassessments_page,
)
from wushu.opening.selectors.results import (
    FILERS_ACTS,
    RESULTS_SHOWN,
    may_moderate,
    result,
    result_obstacle,
    results,
    results_filed,
    results_waiting,
)
from wushu.opening.sending import mail_trouble
from wushu.opening.types import (
    DeliveryState,
    FavouriteView,
    IncidentView,
    SubscriptionState,
    SubscriptionView,
)
from wushu.parties.types import Actor

__all__ = [
    "ASPECTS",
    "CASES_FOLLOWED",
    "CHANNELS",
    "COMPONENTS",
    "COMPUTATION_STATES",
    "COMPUTED_FORMS",
    "COUNTED_MOST",
    "FILERS_ACTS",
    "ITEM_STANDINGS",
    "MODERATION_STATES",
    "NEED_STATES",
    "ORGANISERS",
    "ORGANISERS_ACTS",
    "PLAN_LAYOUT",
    "PLAN_STATES",
    "PROBLEMS",
    "RATINGS_LEAST",
    "RESULTS_SHOWN",
    "RESULT_KINDS",
    "RESULT_SHOWN",
    "SEARCH_PARAMETERS",
    "STAGES",
    "SUBSCRIPTION_STATES",
    "AgreementView",
    "LivingArticle",
    "agreement",
    "agreement_documents",
    "agreements",
    "article_living",
    "assessment",
    "assessment_document",
    "assessment_lines",
    "assessments",
    "bodies_to_comment",
    "bulk_cases",
    "bulk_document",
    "bulk_preview",
    "bulk_steps",
    "call_document",
    "case_document",
    "case_lines",
    "case_notice_documents",
    "case_notices",
    "case_notices_unread",
    "channels",
    "columns_of",
    "columns_of_case",
    "comment",
    "comment_obstacle",
    "comments",
    "comments_waiting",
    "computable_columns",
    "computable_here",
    "computation",
    "computation_document",
    "computation_obstacle",
    "computation_shown",
    "computations_failed",
    "computations_mine",
    "computations_waiting",
    "computed_cells",
    "computed_csv",
    "computed_faults",
    "computed_file",
    "contest",
    "contest_changeable",
    "contest_runs",
    "contests",
    "contests_held",
    "contests_of",
    "due_care",
    "due_care_document",
    "enterable",
    "favourites",
    "figures_document",
    "filing_for",
    "first_step",
    "followed",
    "grant_documents",
    "granting_case",
    "granting_rule",
    "incident",
    "incidents",
    "indicator_faults",
    "indicator_folders",
    "indicator_system",
    "indicators_of",
    "is_favourite",
    "listing_procedure",
    "longest_untried",
    "mail_trouble",
    "may_answer_need",
    "may_assess",
    "may_decide_computations",
    "may_decide_need",
    "may_moderate",
    "may_open_call",
    "may_read_due_care",
    "most_wanted",
    "need",
    "need_call",
    "need_calls",
    "need_document",
    "need_may_become_case",
    "needs_mine",
    "needs_page",
    "needs_waiting",
    "notices_document",
    "outbox_size",
    "plan",
    "plan_bodies",
    "plan_document",
    "plan_items_of_sheet",
    "plan_lines",
    "plan_obstacle",
    "plan_years",
    "plans_at_desk",
    "plans_of_body",
    "plans_of_regions",
    "plans_page",
    "plans_waiting",
    "priority_domains",
    "public_case_document",
    "rating_figures",
    "rating_mine",
    "ratings_mine",
    "reassessment_documents",
    "reassessment_of",
    "reassessments_due",
    "reassessments_page",
    "require_announcer",
    "result",
    "result_obstacle",
    "results",
    "results_filed",
    "results_waiting",
    "rule_applying",
    "rules_applying",
    "sealing_case",
    "search_words",
    "subscription",
    "subscription_by_confirm_link",
    "subscription_by_end_link",
    "subscriptions",
    "suspended_count",
    "to_begin",
    "to_file",
    "wanted_by",
]

ASPECTS = labels.ASPECTS
CHANNELS = labels.CHANNELS
COMPONENTS = labels.COMPONENTS
COMPUTATION_STATES = computing_rules.STATE_WORDS
COMPUTED_FORMS = computed.FORMS
MODERATION_STATES = labels.MODERATION_STATES
PROBLEMS = labels.PROBLEMS
RESULT_KINDS = labels.RESULT_KINDS
STAGES = labels.STAGES
PLAN_STATES = labels.PLAN_STATES
NEED_STATES = labels.NEED_STATES
ITEM_STANDINGS = labels.ITEM_STANDINGS
SUBSCRIPTION_STATES = labels.SUBSCRIPTION_STATES
"""What pages call these values, translated when shown."""

require_announcer = rules.require_announcer
SEARCH_PARAMETERS = rules.SEARCH_PARAMETERS

INCIDENT_DAYS = 90
"""How far back the status page looks."""


# One's own


def favourites(*, actor: Actor) -> list[FavouriteView]:
    """What the actor marked, newest first; nobody sees another's."""
    rows = Favourite.objects.filter(account=actor.account).order_by("-since", "-id")
    return [FavouriteView(row.dataset, row.since) for row in rows if actor.account is not None]


def is_favourite(dataset: UUID, *, actor: Actor | None) -> bool:
    """Whether the actor marked it."""
    if actor is None or actor.account is None:
        return False
    return Favourite.objects.filter(account=actor.account, dataset=dataset).exists()


def subscriptions(*, actor: Actor) -> list[SubscriptionView]:
    """The actor's subscriptions, newest first; nobody sees another's.

    Refusals: ``sign-in-first``, ``key-lacks-scope``.
    """
    rules.require_follower(actor)
    sent = Count("deliveries", filter=Q(deliveries__state=DeliveryState.SENT.value,
                                        deliveries__event__isnull=False))  # fmt: skip
    rows = Subscription.objects.filter(account=actor.account).annotate(sent_count=sent)
    return [subscription_view(row, row.sent_count) for row in rows]


def subscription(key: UUID, *, actor: Actor) -> SubscriptionView:
    """One of the actor's own; ``sign-in-first``, ``key-lacks-scope``, ``not-found``."""
    rules.require_follower(actor)
    row = Subscription.objects.filter(pk=key, account=actor.account).first()
    if row is None:
        raise NOT_FOUND(what=str(key))
    return subscription_view(row)


def suspended_count(*, actor: Actor | None) -> int:
    """How many of the actor's subscriptions were given up."""
    if actor is None or actor.account is None:
        return 0
    mine = Subscription.objects.filter(account=actor.account)
    return mine.filter(state=SubscriptionState.SUSPENDED.value).count()


def subscription_by_confirm_link(token: str) -> SubscriptionView:
    """What a mail's link asks about; the link is the proof. Refusal ``confirmation-invalid``."""
    return _by_link(links.read_confirm(token))


def subscription_by_end_link(token: str) -> SubscriptionView | None:
    """What a mail's link would end; None: it has ended. Refusal ``confirmation-invalid``."""
    key = links.read_end(token)
    if key is None:
        raise CONFIRMATION_INVALID()
    row = Subscription.objects.filter(pk=key).first()
    return None if row is None else subscription_view(row)


def _by_link(key: UUID | None) -> SubscriptionView:
    row = None if key is None else Subscription.objects.filter(pk=key).first()
    if row is None:
        raise CONFIRMATION_INVALID()
    return subscription_view(row)


# Everybody's


def most_wanted(least: int, most: int = 10_000) -> dict[UUID, int]:
    """How many accounts marked or follow each dataset, where they are ``least`` or more.

    Below that a number would say something about single people; so numbers are cut to multiples of
    ``least``, and who comes or goes is not seen. The most wanted first.
    """
    step = max(least, 2)
    with connection.cursor() as cursor:
        cursor.execute(_WANTED.format(one=""), [step, step, step, most])
        return {UUID(str(dataset)): int(count) for dataset, count in cursor.fetchall()}


def wanted_by(dataset: UUID, least: int) -> int | None:
    """The same of one dataset; None where it is too few to say."""
    key = Favourite._meta.get_field("dataset").get_db_prep_value(dataset, connection)
    step = max(least, 2)
    with connection.cursor() as cursor:
        cursor.execute(_WANTED.format(one="AND dataset = %s"), [step, step, key, step, 1])
        found = cursor.fetchone()
    return None if found is None else int(found[1])


_WANTED = """
SELECT dataset, COUNT(*) / %s * %s AS people FROM (
    SELECT dataset, account_id FROM opening_favourite
    UNION
    SELECT target AS dataset, account_id FROM opening_subscription
    WHERE target_kind = 'dataset' AND confirmed_at IS NOT NULL
) AS wanted
WHERE dataset IS NOT NULL {one}
GROUP BY dataset HAVING COUNT(*) >= %s
ORDER BY people DESC, dataset LIMIT %s
"""
"""Each account counts once for a dataset, however it shows that it wants it."""


def incidents(days: int = INCIDENT_DAYS) -> list[IncidentView]:
    """What the operator announced: all that lasts, and what began or ended in the past days."""
    since = timezone.now() - timedelta(days=days)
    rows = Incident.objects.filter(
        Q(ended_at=None) | Q(ended_at__gte=since) | Q(begun_at__gte=since)
    )
    return [incident_view(row) for row in rows.prefetch_related("updates").order_by("-begun_at")]


def incident(key: UUID) -> IncidentView:
    """One announced incident; ``not-found``."""
    row = Incident.objects.filter(pk=key).first()
    if row is None:
        raise NOT_FOUND(what=str(key))
    return incident_view(row)


def longest_untried() -> float:
    """Seconds since the oldest message was made that may be sent and was not; 0: none waits."""
    now = timezone.now()
    waiting = Delivery.objects.filter(
        Q(subscription__not_before=None) | Q(subscription__not_before__lte=now),
        state=DeliveryState.WAITING.value,
    )
    oldest = waiting.order_by("id").values_list("created_at", flat=True).first()
    return 0.0 if oldest is None else (now - oldest).total_seconds()


def outbox_size() -> int:
    """Messages that wait to be delivered, for the operator's metrics."""
    return Delivery.objects.filter(state=DeliveryState.WAITING.value).count()
