"""Addresses of the pages; ``config.urls`` puts them under the language prefix."""

from __future__ import annotations

from django.urls import path

from wushu.portal.views import (
    account,
    belonging,
    desk,
    evidence,
    figures,
    importing,
    loads,
    opening,
    outside,
    public,
    review,
    sign_in,
)

app_name = "portal"

urlpatterns = [
    path("", public.home, name="home"),
    path("datasets", public.datasets, name="datasets"),
    path("datasets/<slug:slug>", public.dataset, name="dataset"),
    path("datasets/<slug:slug>/favourite", belonging.favourite, name="favourite"),
    path("bodies", public.bodies, name="bodies"),
    path("bodies/<str:code>", public.body, name="body"),
    path("usage", figures.usage, name="usage"),
    path("scoreboard", figures.scoreboard, name="scoreboard"),
    path("view/elder", public.elder, name="elder"),
    path("how-to-check", evidence.check, name="check"),
    path("evidence/entries/<int:index>", evidence.entry, name="evidence-entry"),
    path("sign-in", sign_in.sign_in, name="sign-in"),
    path("sign-in/code", sign_in.sign_in_code, name="sign-in-code"),
    path("sign-in/provider", outside.begin, name="outside-begin"),
    path("sign-in/provider/back", outside.back, name="outside-back"),
    path("sign-out", sign_in.sign_out, name="sign-out"),
    path("account", account.account, name="account"),
    path("account/subscriptions", belonging.subscriptions, name="subscriptions"),
    path("account/subscriptions/new", belonging.subscription_new, name="subscription-new"),
    path(
        "account/subscriptions/<uuid:key>/end", belonging.subscription_end, name="subscription-end"
    ),
    path(
        "account/subscriptions/<uuid:key>/ask-again",
        belonging.subscription_ask_again,
        name="subscription-ask-again",
    ),
    path(
        "subscriptions/confirm/<str:token>",
        belonging.subscription_confirm,
        name="subscription-confirm",
    ),
    path(
        "subscriptions/end/<str:token>",
        belonging.subscription_end_by_link,
        name="subscription-end-by-link",
    ),
    path("account/provider", outside.link, name="account-provider"),
    path("account/provider/confirm", outside.link_confirm, name="account-provider-confirm"),
    path("account/provider/end", outside.link_end, name="account-provider-end"),
    path("account/password", account.password, name="account-password"),
    path("account/begin/<uuid:account>/<str:ticket>", importing.begin, name="account-begin"),
    path("account/codes", account.codes, name="account-codes"),
    path("account/codes/confirm", account.codes_confirm, name="account-codes-confirm"),
    path("account/sessions/end", account.sessions_end, name="account-sessions-end"),
    path("account/keys/new", account.key_new, name="account-key-new"),
    path("desk", desk.desk, name="desk"),
    path("desk/import", importing.sheets, name="desk-import"),
    path("desk/import/<slug:what>", importing.sheet, name="desk-import-sheet"),
    path(
        "desk/import/<slug:what>/template.<slug:suffix>",
        importing.template,
        name="desk-import-template",
    ),
    path("desk/new", desk.new, name="desk-new"),
    path("desk/upload", loads.upload, name="desk-upload"),
    path("desk/loads/<uuid:load>", loads.load, name="desk-load"),
    path("desk/loads/<uuid:load>/encoding", loads.encoding, name="desk-load-encoding"),
    path("desk/loads/<uuid:load>/name", loads.name, name="desk-load-name"),
    path("desk/loads/<uuid:load>/columns/<slug:slug>", loads.columns, name="desk-load-columns"),
    path("desk/datasets/<slug:slug>", desk.dataset, name="desk-dataset"),
    path("desk/datasets/<slug:slug>/columns", desk.columns, name="desk-columns"),
    path("desk/datasets/<slug:slug>/submit", desk.submit, name="desk-submit"),
    path("desk/datasets/<slug:slug>/about/<slug:name>", desk.section, name="desk-section"),
    path("desk/datasets/<slug:slug>/opening", opening.opening, name="desk-opening"),
    path("desk/datasets/<slug:slug>/opening/<slug:act>", opening.close, name="desk-close"),
    path("desk/datasets/<slug:slug>/grants/new", opening.grant_new, name="desk-grant-new"),
    path(
        "desk/datasets/<slug:slug>/grants/<uuid:grant>/revoke",
        opening.grant_revoke,
        name="desk-grant-revoke",
    ),
    path("desk/review", review.queue, name="review-queue"),
    path("desk/review/<uuid:revision>", review.revision, name="review"),
    path("account/keys/<uuid:key>/revoke", account.key_revoke, name="account-key-revoke"),
]
