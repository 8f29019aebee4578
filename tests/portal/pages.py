"""Every page of the portal, so that a test of all pages leaves none out.

A page's address is written with the scenes of ``tests.portal.scenes``. Pages that only a form leads
to say which fields to fill. ``unlisted`` names the routes nobody has listed here.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.portal.scenes import PASSWORD, Scenes
from wushu.portal.urls import urlpatterns

CODE = "(one-time code)"
"""In the place of a form's value: the code the account's device shows now."""


@dataclass(frozen=True)
class Page:
    """One page in one standing."""

    name: str
    route: str
    path: str
    user: str = ""
    status: int = 200
    send: tuple[tuple[str, str], ...] | None = None
    """Fields to fill in before the page's form is sent; None: the page is simply opened."""
    more: tuple[str, ...] = ()
    """Other routes this page goes through."""

    def address(self, scenes: Scenes) -> str:
        """Its path in a filled node."""
        return self.path.format(
            code=scenes.code, datasets=scenes.datasets, loads=scenes.loads,
            revisions=scenes.revisions, records=scenes.records, keys=scenes.keys, grants=scenes.grants,
            links=scenes.links, subscriptions=scenes.subscriptions,
            incidents=scenes.incidents,
        )  # fmt: skip


PUBLIC = (
    Page("home", "home", "/"),
    Page("list", "datasets", "/datasets"),
    Page("list-found", "datasets", "/datasets?q=gongjiao&theme=TRAN"),
    Page("list-nothing", "datasets", "/datasets?q=zzzzqqqq"),
    Page("dataset", "dataset", "/datasets/{datasets[stops]}"),
    Page("dataset-older", "dataset", "/datasets/{datasets[stops]}?version=1"),
    Page("dataset-conditional", "dataset", "/datasets/{datasets[taps]}"),
    Page("dataset-granted", "dataset", "/datasets/{datasets[taps]}", "analyst"),
    Page("dataset-not-opened", "dataset", "/datasets/{datasets[marriages]}"),
    Page("dataset-planned", "dataset", "/datasets/{datasets[planned]}"),
    Page("dataset-hostile", "dataset", "/datasets/{datasets[hostile]}"),
    Page("dataset-sealed", "dataset", "/datasets/{datasets[sealed]}", status=451),
    Page("dataset-withdrawn", "dataset", "/datasets/{datasets[withdrawn]}", status=410),
    Page("dataset-in-series", "dataset", "/datasets/{datasets[planned]}"),
    Page("series", "series", "/series/by-year"),
    Page("series-unlisted", "series", "/series/by-month", status=404),
    Page("groupings", "groupings", "/groupings"),
    Page("grouping", "grouping", "/groupings/population"),
    Page("explore", "explore", "/datasets/{datasets[stops]}/explore"),
    Page(
        "explore-pivot",
        "explore",
        "/datasets/{datasets[stops]}/explore?by=等级&across=票价&version=1",
    ),
    Page("explore-wrong", "explore", "/datasets/{datasets[stops]}/explore?by=none", status=400),
    Page(
        "explore-nothing",
        "explore",
        "/datasets/{datasets[stops]}/explore?by=站名&where=站名&op=eq&value=没有",
    ),
    Page("explore-conditional", "explore", "/datasets/{datasets[taps]}/explore"),
    Page("explore-granted", "explore", "/datasets/{datasets[taps]}/explore", "analyst"),
    Page("explore-hostile", "explore", "/datasets/{datasets[hostile]}/explore"),
    Page("explore-planned", "explore", "/datasets/{datasets[planned]}/explore"),
    Page("map-none", "map", "/datasets/{datasets[stops]}/map"),
    Page("map-conditional", "map", "/datasets/{datasets[taps]}/map"),
    Page("explore-sealed", "explore", "/datasets/{datasets[sealed]}/explore", status=451),
    Page("history", "history", "/datasets/{datasets[stops]}/history"),
    Page("history-corrected", "history", "/datasets/{datasets[sealed]}/history"),
    Page("bodies", "bodies", "/bodies"),
    Page("body", "body", "/bodies/{code}"),
    Page("usage", "usage", "/usage"),
    Page("api", "api", "/api"),
    Page("scoreboard", "scoreboard", "/scoreboard"),
    Page("check", "check", "/how-to-check"),
    Page("evidence-entry", "evidence-entry", "/evidence/entries/3"),
    Page("refused-address", "dataset", "/datasets/no-such-dataset", status=404),
    Page("refused-cursor", "datasets", "/datasets?cursor=made-up", status=400),
    Page("refused-entry", "evidence-entry", "/evidence/entries/999999", status=404),
    Page("refused-page", "", "/no/such/page", status=404),
    Page("status", "", "/status"),
    Page("changelog", "changelog", "/changelog"),
    Page("confirm", "subscription-confirm", "/subscriptions/confirm/{links[confirm]}"),
    Page("confirm-refused", "subscription-confirm", "/subscriptions/confirm/made-up", status=410),
    Page("end-by-link", "subscription-end-by-link", "/subscriptions/end/{links[end]}"),
    Page("end-by-link-ended", "subscription-end-by-link", "/subscriptions/end/{links[ended]}"),
)
ACCOUNT = (
    Page("sign-in", "sign-in", "/sign-in"),
    Page("sign-in-empty", "sign-in", "/sign-in", send=(), status=422),
    Page(
        "sign-in-wrong", "sign-in", "/sign-in", status=401,
        send=(("username", "nobody"), ("password", "wrong")),
    ),
    Page(
        "sign-in-code", "sign-in", "/sign-in", more=("sign-in-code",),
        send=(("username", "careful"), ("password", PASSWORD)),
    ),
    Page("begin", "account-begin", "/account/begin/{keys[begin]}"),
    Page("begin-empty", "account-begin", "/account/begin/{keys[begin]}", status=422, send=()),
    Page("account", "account", "/account", "clerk"),
    Page("account-provider", "account-provider", "/account/provider", "clerk"),
    Page("sign-in-provider-off", "outside-begin", "/sign-in/provider", status=404),
    Page("sign-in-provider-odd", "outside-back", "/sign-in/provider/back", status=404),
    Page("account-plain", "account", "/account", "citizen"),
    Page("subscriptions", "subscriptions", "/account/subscriptions", "citizen"),
    Page("subscriptions-none", "subscriptions", "/account/subscriptions", "clerk"),
    Page("follow-dataset", "subscription-new",
         "/account/subscriptions/new?what=dataset&slug={datasets[stops]}", "citizen"),
    Page("follow-body", "subscription-new", "/account/subscriptions/new?what=body&code={code}",
         "citizen"),
    Page("follow-search", "subscription-new",
         "/account/subscriptions/new?what=search&q=gongjiao&theme=TRAN", "citizen"),
    Page("follow-empty", "subscription-new",
         "/account/subscriptions/new?what=dataset&slug={datasets[stops]}", "citizen", 422, send=()),
    Page("follow-wrong", "subscription-new",
         "/account/subscriptions/new?what=dataset&slug={datasets[stops]}", "citizen", 422,
         send=(("channel", "mail"), ("address", "no mailbox"))),
    Page("follow-nothing", "subscription-new", "/account/subscriptions/new", "citizen", 400),
    Page("end-subscription", "subscription-end",
         "/account/subscriptions/{subscriptions[stops]}/end", "citizen"),
    Page("password", "account-password", "/account/password", "clerk"),
    Page("password-empty", "account-password", "/account/password", "clerk", 422, send=()),
    Page("codes", "account-codes", "/account/codes", "clerk"),
    Page(
        "codes-begun", "account-codes", "/account/codes", "clerk", send=(("current", PASSWORD),),
        more=("account-codes-confirm",),
    ),
    Page("codes-stop", "account-codes", "/account/codes", "careful"),
    Page("key-new", "account-key-new", "/account/keys/new", "citizen"),
    Page("key-new-empty", "account-key-new", "/account/keys/new", "citizen", 422, send=()),
    Page("key-shown", "account-key-new", "/account/keys/new", "citizen",
         send=(("name", "a & b"), ("scopes", "rows:read"), ("current", PASSWORD))),
    Page("key-revoke", "account-key-revoke", "/account/keys/{keys[live]}/revoke", "clerk"),
)  # fmt: skip
DESK = (
    Page("desk", "desk", "/desk", "clerk"),
    Page("desk-empty", "desk", "/desk", "citizen"),
    Page("incidents", "desk-incidents", "/desk/incidents", "steward"),
    Page("incidents-empty", "desk-incidents", "/desk/incidents", "steward", 422, send=()),
    Page("incidents-refused", "desk-incidents", "/desk/incidents", "clerk", 403),
    Page("incident", "desk-incident", "/desk/incidents/{incidents[open]}", "steward"),
    Page("incident-over", "desk-incident", "/desk/incidents/{incidents[over]}", "steward"),
    Page("desk-reviewer", "desk", "/desk", "reviewer"),
    Page("history-inside", "history", "/datasets/{datasets[stops]}/history", "clerk"),
    Page("correct", "desk-correct",
         "/desk/datasets/{datasets[stops]}/acts/{keys[act-stops]}/correct", "clerk"),
    Page("correct-empty", "desk-correct",
         "/desk/datasets/{datasets[stops]}/acts/{keys[act-stops]}/correct", "clerk", 422, send=()),
    Page("correction", "desk-correction", "/desk/corrections/{keys[correction-stops]}", "reviewer"),
    Page("correction-own", "desk-correction", "/desk/corrections/{keys[correction-stops]}",
         "clerk"),
    Page("inbox", "desk-inbox", "/desk/inbox", "clerk"),
    Page("inbox-reviewer", "desk-inbox", "/desk/inbox?mine=1", "reviewer"),
    Page("inbox-empty", "desk-inbox", "/desk/inbox", "citizen"),
    Page("transfer", "desk-transfer", "/desk/transfer", "reviewer"),
    Page("transfer-empty", "desk-transfer", "/desk/transfer", "reviewer", 422, send=()),
    Page("transfer-wrong", "desk-transfer", "/desk/transfer", "reviewer", 409,
         send=(("organisation", "11329900DEM000057K"), ("leaver", "clerk"),
               ("successor", "analyst"))),
    Page("import", "desk-import", "/desk/import", "reviewer"),
    Page("import-refused", "desk-import", "/desk/import", "citizen", 403),
    Page("import-bodies", "desk-import-sheet", "/desk/import/bodies", "reviewer"),
    Page("import-empty", "desk-import-sheet", "/desk/import/staff", "reviewer", 422, send=()),
    Page("new", "desk-new", "/desk/new", "clerk"),
    Page("new-empty", "desk-new", "/desk/new", "clerk", 422, send=()),
    Page("upload", "desk-upload", "/desk/upload", "clerk"),
    Page("upload-version", "desk-upload", "/desk/upload?dataset={datasets[returned]}", "clerk"),
    Page("upload-empty", "desk-upload", "/desk/upload", "clerk", 422, send=()),
    Page("upload-nobody", "desk-upload", "/desk/upload", "citizen"),
    Page("load-received", "desk-load", "/desk/loads/{loads[received]}", "clerk"),
    Page("load-undecided", "desk-load", "/desk/loads/{loads[undecided]}", "clerk"),
    Page("load-undecided-empty", "desk-load", "/desk/loads/{loads[undecided]}", "clerk", 422,
         send=(), more=("desk-load-encoding",)),
    Page("load-found", "desk-load", "/desk/loads/{loads[found]}", "clerk"),
    Page("load-name", "desk-load-name", "/desk/loads/{loads[found]}/name", "clerk"),
    Page("load-columns", "desk-load-columns",
         "/desk/loads/{loads[found]}/columns/{datasets[draft]}", "clerk"),
    Page("load-found-headers", "desk-load", "/desk/loads/{loads[headers]}", "clerk"),
    Page("load-columns-headers", "desk-load-columns",
         "/desk/loads/{loads[headers]}/columns/{datasets[draft]}", "clerk"),
    Page("load-columns-wrong", "desk-load-columns",
         "/desk/loads/{loads[found]}/columns/{datasets[draft]}", "clerk", 422,
         send=(("c0-keep", "on"), ("c0-name", ""), ("c1-keep", "on"), ("c1-type", "date"),
               ("c1-format", ""))),
    Page("load-queued", "desk-load", "/desk/loads/{loads[queued]}", "clerk"),
    Page("load-done", "desk-load", "/desk/loads/{loads[loaded]}", "clerk"),
    Page("load-failed", "desk-load", "/desk/loads/{loads[failed]}", "clerk"),
    Page("draft", "desk-dataset", "/desk/datasets/{datasets[draft]}", "clerk"),
    Page("returned", "desk-dataset", "/desk/datasets/{datasets[returned]}", "clerk"),
    Page("in-review", "desk-dataset", "/desk/datasets/{datasets[waiting]}", "clerk"),
    Page("listed", "desk-dataset", "/desk/datasets/{datasets[taps]}", "clerk"),
    Page("what", "desk-section", "/desk/datasets/{datasets[draft]}/about/what", "clerk"),
    Page("what-empty", "desk-section", "/desk/datasets/{datasets[draft]}/about/what", "clerk", 422,
         send=(("title_zh", ""),)),
    Page("opening", "desk-section", "/desk/datasets/{datasets[draft]}/about/opening", "clerk"),
    Page("coverage", "desk-section", "/desk/datasets/{datasets[draft]}/about/coverage", "clerk"),
    Page("source", "desk-section", "/desk/datasets/{datasets[draft]}/about/source", "clerk"),
    Page("columns", "desk-columns", "/desk/datasets/{datasets[returned]}/columns", "clerk"),
    Page("columns-wrong", "desk-columns", "/desk/datasets/{datasets[returned]}/columns", "clerk",
         422, send=(("c0-code_list", "no sign"),)),
    Page("columns-by-hand", "desk-columns", "/desk/datasets/{datasets[draft]}/columns", "clerk"),
    Page("opening-and-grants", "desk-opening", "/desk/datasets/{datasets[taps]}/opening", "clerk"),
    Page("opening-of-draft", "desk-opening", "/desk/datasets/{datasets[draft]}/opening", "clerk"),
    Page("opening-public", "desk-opening", "/desk/datasets/{datasets[stops]}/opening", "reviewer"),
    Page("opening-sealed", "desk-opening", "/desk/datasets/{datasets[sealed]}/opening", "reviewer"),
    Page("opening-withdrawn", "desk-opening", "/desk/datasets/{datasets[withdrawn]}/opening",
         "reviewer"),
    Page("seal", "desk-close", "/desk/datasets/{datasets[taps]}/opening/seal", "clerk"),
    Page("seal-empty", "desk-close", "/desk/datasets/{datasets[taps]}/opening/seal", "clerk", 422,
         send=()),
    Page("withdraw", "desk-close", "/desk/datasets/{datasets[taps]}/opening/withdraw", "reviewer"),
    Page("restore-refused", "desk-close", "/desk/datasets/{datasets[sealed]}/opening/restore",
         "clerk", 403),
    Page("grant", "desk-grant-new", "/desk/datasets/{datasets[taps]}/grants/new", "clerk"),
    Page("grant-empty", "desk-grant-new", "/desk/datasets/{datasets[taps]}/grants/new", "clerk",
         422, send=()),
    Page("grant-wrong", "desk-grant-new", "/desk/datasets/{datasets[taps]}/grants/new", "clerk",
         403, send=(("kind", "person"), ("grantee", "clerk"), ("columns", "时间"),
                    ("purpose", "研究"), ("until", "2099-12-31"))),
    Page("grant-revoke", "desk-grant-revoke",
         "/desk/datasets/{datasets[taps]}/grants/{grants[taps]}/revoke", "reviewer"),
    Page("grant-revoke-empty", "desk-grant-revoke",
         "/desk/datasets/{datasets[taps]}/grants/{grants[taps]}/revoke", "reviewer", 422, send=()),
    Page("ledger", "ledger", "/ledger", "reviewer"),
    Page("ledger-chosen", "ledger", "/ledger?state=draft&attribute=nonsense", "clerk"),
    Page("ledger-refused", "ledger", "/ledger", "citizen", 403),
    Page("sources", "sources", "/ledger/sources", "reviewer"),
    Page("desk-duty", "desk-duty", "/desk/datasets/{datasets[planned]}/duty", "clerk"),
    Page("desk-series", "desk-series", "/desk/series", "clerk"),
    Page("desk-series-empty", "desk-series", "/desk/series", "clerk", 422, send=()),
    Page("desk-series-one", "desk-series-one", "/desk/series/by-year", "clerk"),
    Page("desk-series-waiting", "desk-series-one", "/desk/series/by-month", "clerk"),
    Page("desk-series-decide", "desk-series-one", "/desk/series/by-month", "reviewer"),
    Page("desk-groupings", "desk-groupings", "/desk/groupings", "reviewer"),
    Page("desk-groupings-empty", "desk-groupings", "/desk/groupings", "reviewer", 422, send=()),
    Page("desk-grouping", "desk-grouping", "/desk/groupings/population", "reviewer"),
    Page("refused-desk", "review-queue", "/desk/review", "clerk", 403),
)  # fmt: skip
HARVEST = (
    Page("harvested", "harvested", "/harvested"),
    Page("harvested-found", "harvested", "/harvested?q=luwang&source=neighbour"),
    Page("harvested-nothing", "harvested", "/harvested?q=zzzzqqqq"),
    Page("harvested-record", "harvested-record", "/harvested/{records[roads]}"),
    Page("harvested-hostile", "harvested-record", "/harvested/{records[hostile]}"),
    Page("harvested-gone", "harvested-record", "/harvested/{records[gone]}", status=410),
    Page("sources", "desk-harvest", "/desk/harvest", "reviewer"),
    Page("sources-refused", "desk-harvest", "/desk/harvest", "clerk", 403),
    Page("source-new", "desk-harvest-new", "/desk/harvest/new", "reviewer"),
    Page("source-new-empty", "desk-harvest-new", "/desk/harvest/new", "reviewer", 422, send=()),
    Page("source-proposed", "desk-harvest-source", "/desk/harvest/sources/asked", "reviewer"),
    Page("source-active", "desk-harvest-source", "/desk/harvest/sources/neighbour", "reviewer"),
    Page("source-stop", "desk-harvest-stop", "/desk/harvest/sources/neighbour/stop", "reviewer"),
    Page("source-stop-empty", "desk-harvest-stop", "/desk/harvest/sources/neighbour/stop",
         "reviewer", 422, send=()),
)  # fmt: skip
REVIEW = (
    Page("queue", "review-queue", "/desk/review", "reviewer"),
    Page("review-first", "review", "/desk/review/{revisions[waiting]}", "reviewer"),
    Page("review-change", "review", "/desk/review/{revisions[change]}", "reviewer"),
    Page("review-personal", "review", "/desk/review/{revisions[personal]}", "reviewer"),
    Page("review-decided", "review", "/desk/review/{revisions[decided]}", "reviewer"),
    Page("review-empty", "review", "/desk/review/{revisions[waiting]}", "reviewer", 422, send=()),
    Page("review-no-reasons", "review", "/desk/review/{revisions[waiting]}", "reviewer", 422,
         send=(("decision", "return"),)),
)  # fmt: skip
PAGES = (*PUBLIC, *ACCOUNT, *DESK, *HARVEST, *REVIEW)

ACTS = frozenset(
    {
        "desk-harvest-activate",
        "desk-harvest-run",
        "elder",
        "sign-out",
        "desk-submit",
        "account-sessions-end",
        "account-provider-confirm",
        "account-provider-end",
        "desk-import-template",
        "ledger-csv",
        "favourite",
        "subscription-ask-again",
    }
)
"""Routes that show no page of their own: they act and lead elsewhere."""


def unlisted() -> set[str]:
    """Routes of the portal that no page here shows."""
    routes = {pattern.name for pattern in urlpatterns}
    listed = {route for page in PAGES for route in (page.route, *page.more) if route}
    return {str(name) for name in routes ^ (listed | ACTS)}
