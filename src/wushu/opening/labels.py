"""What pages call the values of this app, translated when shown."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wushu.opening.types import (
    Aspect,
    Channel,
    Component,
    IncidentStage,
    ItemStanding,
    Moderation,
    NeedState,
    PlanState,
    Problem,
    ResultKind,
    SubscriptionState,
)

CHANNELS: Mapping[Channel, Promise] = MappingProxyType(
    {Channel.MAIL: _("mail"), Channel.WEBHOOK: _("webhook")}
)
SUBSCRIPTION_STATES: Mapping[SubscriptionState, Promise] = MappingProxyType(
    {
        SubscriptionState.UNCONFIRMED: _("waits for the address to agree"),
        SubscriptionState.ACTIVE: _("active"),
        SubscriptionState.SUSPENDED: _("suspended"),
    }
)
PROBLEMS: Mapping[Problem, Promise] = MappingProxyType(
    {
        Problem.UNREACHABLE: _("The receiver could not be reached in time."),
        Problem.REFUSED_ADDRESS: _("The address leads to where this node may not go."),
        Problem.ANSWER: _("The receiver answered with an error."),
        Problem.GONE: _("The receiver answered that it wants no more (410)."),
        Problem.CHALLENGE: _("The receiver did not give the challenge back."),
        Problem.MAIL_SERVER: _("The mail server did not take the message."),
        Problem.MAILBOX: _("The mail server says that there is no such mailbox."),
        Problem.KEY_LOST: _("This node cannot read the address any more; subscribe again."),
    }
)
COMPONENTS: Mapping[Component, Promise] = MappingProxyType(
    {
        Component.WEB: _("Web pages"),
        Component.ROWS: _("Rows and downloads"),
        Component.SEARCH: _("Catalogue search"),
        Component.EVIDENCE: _("Evidence log"),
        Component.BACKGROUND: _("Background work"),
        Component.NOTICES: _("Notices"),
    }
)
STAGES: Mapping[IncidentStage, Promise] = MappingProxyType(
    {
        IncidentStage.INVESTIGATING: _("being looked into"),
        IncidentStage.IDENTIFIED: _("cause found"),
        IncidentStage.WATCHING: _("mended, being watched"),
        IncidentStage.RESOLVED: _("over"),
    }
)
RESULT_KINDS: Mapping[ResultKind, Promise] = MappingProxyType(
    {
        ResultKind.APP: _("app"),
        ResultKind.SERVICE: _("online service"),
        ResultKind.SOFTWARE: _("software"),
        ResultKind.PRODUCT: _("product"),
        ResultKind.PAPER: _("paper"),
        ResultKind.WORK: _("published work"),
        ResultKind.PATENT: _("patent"),
        ResultKind.REPORT: _("report"),
        ResultKind.VISUALISATION: _("visualisation"),
    }
)
MODERATION_STATES: Mapping[Moderation, Promise] = MappingProxyType(
    {
        Moderation.WAITING: _("waits to be looked at"),
        Moderation.PUBLISHED: _("public"),
        Moderation.RETURNED: _("sent back"),
        Moderation.TAKEN_DOWN: _("taken down"),
        Moderation.WITHDRAWN: _("withdrawn by who filed it"),
    }
)
ASPECTS: Mapping[Aspect, Promise] = MappingProxyType(
    {
        Aspect.COMPLETE: _("Complete"),
        Aspect.ACCURATE: _("Accurate"),
        Aspect.TIMELY: _("Up to date"),
        Aspect.USABLE: _("Easy to use"),
    }
)
PLAN_STATES: Mapping[PlanState, Promise] = MappingProxyType(
    {
        PlanState.DRAFT: _("being drafted"),
        PlanState.SUBMITTED: _("with the data authority"),
        PlanState.RETURNED: _("returned to the body"),
        PlanState.ACCEPTED: _("accepted"),
    }
)
ITEM_STANDINGS: Mapping[ItemStanding, Promise] = MappingProxyType(
    {
        ItemStanding.DONE: pgettext_lazy("planned", "open"),
        ItemStanding.COMING: _("to come"),
        ItemStanding.LATE: _("late"),
    }
)
NEED_STATES: Mapping[NeedState, Promise] = MappingProxyType(
    {
        NeedState.WAITING: _("waits to be looked at"),
        NeedState.DECLINED: _("not published"),
        NeedState.PUBLISHED: _("public, waits for an answer"),
        NeedState.HANDED: _("handed over to a body"),
        NeedState.ANSWERED: _("answered"),
    }
)
