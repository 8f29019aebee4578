"""Pages that change something, and who may change it by them."""

from __future__ import annotations

from tests.journeys.writing.scene import ALL, Attempt, may

PUBLIC = {
    "/sign-in": "who is not signed in yet signs in here",
    "/sign-in/code": "the second step of signing in",
    "/sign-out": "whoever is signed in ends that; nobody's session is nobody's loss",
    "/account/begin/{account}/{ticket}": "the ticket in the address is the right to set one password",
    "/subscriptions/confirm/{token}": "the token in the mail is the mailbox's own consent",
    "/subscriptions/end/{token}": "the token in the mail is the mailbox's own word, without sign-in",
}
"""What needs no account, and why not."""

OWN = {
    "/datasets/{slug}/favourite": "a mark of one's own on what everybody sees",
    "/datasets/{slug}/ratings/withdraw": "names nobody: it takes back one's own rating",
    "/account/notices/read": "marks as read what oneself was told",
    "/account/password": "of one's own account, with its present password",
    "/account/codes": "of one's own account, with its present password",
    "/account/codes/confirm": "of one's own account, with the ticket of the step before",
    "/account/sessions/end": "one's own sessions",
    "/account/keys/new": "a key of one's own, with the present password",
    "/account/provider/confirm": "one's own identity, with the present password",
    "/account/provider/end": "one's own identity",
    "/account/subscriptions/new": "everybody follows what everybody sees",
    "/account/results/new": "everybody files what they built on the data",
    "/needs/calls/{call}/new": "everybody asks for data in a call that is open",
}
"""What everybody with an account may do for themselves, and why nobody else is touched."""

WORDS = {"title_zh": "历年", "description_zh": "历年登记。"}
SCORES = {"complete": "5", "accurate": "5", "timely": "5", "usable": "5"}
ITEM = {"title": "公交", "attribute": "unconditional", "quarter": "4"}
CONTEST = {
    "body": "{bodies[authority]}", "title_zh": "大赛", "text_zh": "用数据", "begins": "{today}",
    "ends": "{later}", "datasets": "{datasets[stops]}",
}  # fmt: skip
RESULT = {
    "kind": "app", "title_zh": "海报", "summary_zh": "画线路。", "makers": "小组",
    "datasets": "{datasets[stops]}",
}  # fmt: skip
_COLUMNS = {"c0-name": "编号"} | {f"c{place}-type": "text" for place in range(5)}
CITY = "clerk"
"""Clerks of the body that the city's scenes are of."""

PAGES: dict[str, list[Attempt]] = {
    # datasets, files, review
    "/desk/new": [may(CITY, "/desk/new", {"body": "{bodies[transport]}", "title_zh": "渡口"})],
    "/desk/upload": [
        may(CITY, "/desk/upload", {"body": "{bodies[transport]}", "file": "编号\n1\n"})
    ],
    "/desk/loads/{load}/encoding": [
        may(CITY, "/desk/loads/{loads[undecided]}/encoding", {"encoding": "big5"})
    ],
    "/desk/loads/{load}/name": [
        may(CITY, "/desk/loads/{loads[waiting]}/name",
            {"body": "{bodies[transport]}", "title_zh": "线路"}),
    ],
    "/desk/loads/{load}/columns/{slug}": [
        may(CITY, "/desk/loads/{loads[waiting]}/columns/{datasets[draft]}", {
            "c0-keep": "on", "c0-name": "编号", "c0-type": "text",
            "c1-keep": "on", "c1-name": "线路", "c1-type": "text",
        }),
    ],
    "/desk/datasets/{slug}/columns": [
        may(CITY, "/desk/datasets/{datasets[draft]}/columns", _COLUMNS)
    ],
    "/desk/datasets/{slug}/about/{name}": [
        may(CITY, "/desk/datasets/{datasets[draft]}/about/what", {"title_zh": "夜班"})
    ],
    "/desk/datasets/{slug}/submit": [may(CITY, "/desk/datasets/{datasets[returned]}/submit")],
    "/desk/review/{revision}": [
        may("reviewer", "/desk/review/{revisions[waiting]}", {"decision": "list"}),
        may("reviewer", "/desk/review/{revisions[waiting]}",
            {"decision": "return", "reasons": "请写明来源"}),
    ],
    "/desk/datasets/{slug}/acts/{index}/correct": [
        may("clerk reviewer", "/desk/datasets/{datasets[sealed]}/acts/{keys[act-sealed]}/correct",
            {"reason": "写错了"}),
    ],
    "/desk/corrections/{correction}": [
        may("reviewer", "/desk/corrections/{keys[correction-stops]}")
    ],
    # how a listed dataset is opened, and to whom
    "/desk/datasets/{slug}/opening/{act}": [
        may("clerk reviewer", "/desk/datasets/{datasets[taps]}/opening/seal",
            {"reason": "核实", "basis": "第十二条"}),
        may("clerk reviewer", "/desk/datasets/{datasets[taps]}/opening/withdraw",
            {"reason": "核实", "basis": "第十二条"}),
        may("reviewer", "/desk/datasets/{datasets[sealed]}/opening/restore",
            {"reason": "核实", "basis": "第十二条"}, stands="restorer-sealed-it"),
    ],
    "/desk/datasets/{slug}/grants/new": [
        may(CITY, "/desk/datasets/{datasets[taps]}/grants/new", {
            "kind": "person", "grantee": "reader", "columns": "时间", "purpose": "研究",
            "basis": "urn:uuid:{bodies[transport]}", "until": "{later}", "delivery": "rows",
        }),
    ],
    "/desk/datasets/{slug}/grants/{grant}/revoke": [
        may("clerk reviewer", "/desk/datasets/{datasets[taps]}/grants/{grants[taps]}/revoke",
            {"reason": "到期"}),
    ],
    "/desk/datasets/{slug}/duty": [
        may(CITY, "/desk/datasets/{datasets[taps]}/duty", {"act": "duty", "unit": "运输科"}),
        may(CITY, "/desk/datasets/{datasets[taps]}/duty",
            {"act": "add", "source": "{datasets[stops]}"}),
    ],
    "/ledger/sources": [
        may("reviewer", "/ledger/sources", {"choice": "{choice}", "reason": "由其管理"})
    ],
    # series and groupings
    "/desk/series": [may(CITY, "/desk/series", {**WORDS, "body": "{bodies[transport]}"})],
    "/desk/series/{slug}": [
        may(CITY, "/desk/series/by-year",
            {"act": "add", "entry": "{datasets[taps]}", "period": "2026"}),
        may(CITY, "/desk/series/by-year", {"act": "drop", "entry": "{datasets[planned]}"}),
        may(CITY, "/desk/series/by-month", {"act": "words", **WORDS}),
        may("reviewer", "/desk/series/by-month", {"act": "decide", "decision": "list"},
            stands="series-empty"),
        may("reviewer", "/desk/series/by-month",
            {"act": "decide", "decision": "return", "reasons": "请补充"}),
        may("clerk reviewer", "/desk/series/by-year", {"act": "close", "reasons": "不再更新"}),
    ],
    "/desk/groupings": [
        may("reviewer elsewhere", "/desk/groupings", {**WORDS, "kind": "base", "slug": "places"})
    ],
    "/desk/groupings/{slug}": [
        may("reviewer", "/desk/groupings/population",
            {"act": "add", "entry": "{datasets[stops]}"}),
        may("reviewer", "/desk/groupings/population",
            {"act": "drop", "entry": "{datasets[planned]}"}),
        may("reviewer", "/desk/groupings/population", {"act": "words", **WORDS}),
        may("reviewer", "/desk/groupings/population", {"act": "remove"},
            stands="grouping-not-empty"),
    ],
    # cases
    "/datasets/{slug}/file/{procedure}": [
        may("reader", "/datasets/{datasets[trees]}/file/conditional-access", "@submit")
    ],
    "/desk/datasets/{slug}/grants/{grant}/file/{procedure}": [
        may("forester", "/desk/datasets/{datasets[trees]}/grants/{grants[trees]}/file/breach", {
            "for-whom": "{bodies[forests]}","title": "转让", "suspicion": "约定不得转让", "facts": "网上有售",
        }),
    ],
    "/bodies/{code}/file/{procedure}": [
        may("reader", "/bodies/{codes[forests]}/file/outside-catalogue",
            {"title": "苗圃", "need": "苗圃名录", "purpose": "研究"}),
    ],
    "/cases/{number}/do/{key}": [
        may("reviewer", "/cases/{cases[review]}/do/pass", "@pass"),
        may("analyst", "/cases/{cases[to-sign]}/do/sign", {"credit": "on"}),
    ],
    "/cases/{number}/write": [
        may("analyst forester reviewer", "/cases/{cases[review]}/write",
            {"message": "请补充", "to": "other"}),
    ],
    "/cases/{number}/assign": [
        may("reviewer", "/cases/{cases[review]}/assign", {"person": "{people[reviewer]}"})
    ],
    "/cases/{number}/refer": [
        may("forester reviewer", "/cases/{cases[review]}/refer", {"question": "？"})
    ],
    "/cases/{number}/merge": [
        may("forester reviewer", "/cases/{cases[again]}/merge", {"into": "{ids[review]}"})
    ],
    "/cases/{number}/advise": [may("expert", "/cases/{cases[review]}/advise", {"opinion": "可"})],
    "/desk/cases/bulk": [
        may("forester reviewer", "/desk/cases/bulk", {
            "number": "{cases[review]}", "message": "请补充", "to": "officials", "act": "write",
        }),
    ],
    # needs, plans, assessments
    "/needs/{need}": [
        may(" ".join(ALL - {"citizen"}), "/needs/{needs[handed]}", {"act": "support"}),
        may("citizen", "/needs/{needs[handed]}", {"act": "case"}, stands="regulation-not-adopted"),
    ],
    "/desk/needs": [
        may("reviewer", "/desk/needs", {
            "division": "329900", "title": "征集", "text": "您需要什么？", "begins": "{today}",
            "ends": "{later}",
        }),
    ],
    "/desk/needs/{need}": [
        may("reviewer", "/desk/needs/{needs[waiting]}", {"act": "look", "published": "yes"}),
        may("reviewer", "/desk/needs/{needs[waiting]}",
            {"act": "look", "published": "no", "reasons": "含个人电话"}),
        may("reviewer", "/desk/needs/{needs[handed]}", {"act": "hand", "body": "{bodies[parks]}"}),
        may("clerk reviewer", "/desk/needs/{needs[handed]}",
            {"act": "answer", "text": "已经开放。", "dataset": "{datasets[stops]}"}),
    ],
    "/desk/plans/{year}/{code}": [
        may(CITY, "/desk/plans/{plans[year]}/{code}",
            {"act": "texts", "known": "0", "scenarios": "研究", "reason": "补充"}),
        may(CITY, "/desk/plans/{plans[next]}/{code}", {"act": "submit"}),
        may(CITY, "/desk/plans/{plans[next]}/{code}", {
            "act": "sheet", "known": "{known[next]}", "file": "数据名称,开放属性,完成季度\n公交,无条件开放,4\n",
        }),
        may(CITY, "/desk/plans/{plans[year]}/{code}",
            {"act": "link", "item": "{planned_item}", "dataset": "{stops_id}"}),
        may("reviewer", "/desk/plans/{plans[year]}/{plans[waits]}",
            {"act": "decide", "accepted": "yes"}),
        may("reviewer", "/desk/plans/{plans[year]}/{plans[waits]}",
            {"act": "decide", "accepted": "no", "reasons": "请补充"}),
    ],
    "/desk/plans/{year}/{code}/items/new": [
        may(CITY, "/desk/plans/{plans[next]}/{code}/items/new", {**ITEM, "known": "{known[next]}"})
    ],
    "/desk/plans/{year}/{code}/items/{key}": [
        may(CITY, "/desk/plans/{plans[year]}/{code}/items/{plans[item]}", {**ITEM, "known": "0"})
    ],
    "/desk/assessments": [
        may("reviewer", "/desk/assessments", {"division": "329900", "year": "{year}"},
            stands="indicators-missing")
    ],
    "/desk/assessments/{year}/{division}": [
        may("reviewer", "/desk/assessments/{plans[year]}/329902", {
            "act": "survey", "body": "{codes[forests]}", "indicator": "satisfaction", "value": "80",
            "source": "抽样调查",
        }),
        may("forester", "/desk/assessments/{plans[year]}/329902",
            {"act": "comment", "body": "{bodies[forests]}", "text": "已更正"}),
        may("reviewer", "/desk/assessments/{plans[year]}/329902", {"act": "publish"}),
    ],
    # results, ratings, contests, computations
    "/account/results/{key}": [
        may("citizen", "/account/results/{results[returned]}", RESULT),
    ],
    "/account/results/{key}/withdraw": [
        may("analyst", "/account/results/{results[shown]}/withdraw")
    ],
    "/datasets/{slug}/ratings/mine": [
        may("citizen reader analyst keeper forester reviewer elsewhere steward expert",
            "/datasets/{datasets[taps]}/ratings/mine", SCORES),
    ],
    "/desk/results/{key}": [
        may("reviewer steward", "/desk/results/{results[waiting]}", {"decision": "publish"}),
        may("reviewer steward", "/desk/results/{results[waiting]}",
            {"decision": "return", "reason": "请写明"}),
        may("reviewer steward", "/desk/results/{results[shown]}", {"reason": "侵权"}),
    ],
    "/desk/comments/{key}": [
        may("reviewer steward", "/desk/comments/{results[comment]}", {"decision": "publish"}),
        may("reviewer steward", "/desk/comments/{results[comment-shown]}", {"reason": "骂人"}),
    ],
    "/contests/{key}/enter": [
        may("analyst", "/contests/{contests[open]}/enter", {"result": "{results[shown]}"})
    ],
    "/contests/{key}/leave": [
        may("analyst", "/contests/{contests[open]}/leave", {"result": "{results[shown]}"})
    ],
    "/desk/contests": [may("reviewer", "/desk/contests", CONTEST)],
    "/desk/contests/{key}": [
        may("reviewer", "/desk/contests/{contests[over]}", {"award0": "一等奖", "reason0": "好用"})
    ],
    "/desk/contests/{key}/change": [
        may("reviewer", "/desk/contests/{contests[open]}/change",
            {"text_zh": "改", "ends": "{later}", "reason": "写错了"}),
    ],
    "/datasets/{slug}/compute": [
        may("citizen", "/datasets/{datasets[taps]}/compute", {"program": "SELECT count(*) FROM data"})
    ],
    "/desk/computations/{key}": [
        may(CITY, "/desk/computations/{computations[waiting]}",
            {"decision": "release", "reason": "只有总数"}),
        may(CITY, "/desk/computations/{computations[waiting]}",
            {"decision": "withhold", "reason": "含卡号"}),
    ],
    # what somebody else follows, and others' keys
    "/account/subscriptions/{key}/end": [
        may("citizen", "/account/subscriptions/{subscriptions[stops]}/end")
    ],
    "/account/subscriptions/{key}/ask-again": [
        may("citizen", "/account/subscriptions/{subscriptions[stops]}/ask-again", stands="subscription-works")
    ],
    "/account/keys/{key}/revoke": [
        may("clerk reviewer steward", "/account/keys/{keys[live]}/revoke")
    ],
    # the node's own desk
    "/desk/import/{what}": [
        may("reviewer elsewhere steward", "/desk/import/staff",
            {"file": "单位代码,姓名,用户名,角色\n{code},李敏,li.min,数据开放主体\n"}),
        may("reviewer elsewhere steward", "/desk/import/bodies",
            {"file": "统一社会信用代码,中文名称,行政区划代码\n{codes[new]},渡口局,329900\n"}),
        may("clerk keeper forester reviewer elsewhere steward", "/desk/import/catalogue",
            {"file": "body,title_zh,attribute\n{code},渡口,无条件开放\n"}),
    ],
    "/desk/incidents": [
        may("steward", "/desk/incidents",
            {"title_zh": "检修", "text_zh": "检修", "components": "search"}),
    ],
    "/desk/incidents/{incident}": [
        may("steward", "/desk/incidents/{incidents[open]}",
            {"stage": "investigating", "text_zh": "在查"}),
    ],
    "/desk/transfer": [
        may("reviewer steward", "/desk/transfer", {
            "organisation": "{code}", "leaver": "clerk", "successor": "careful", "transfer": "1",
        }),
    ],
    "/desk/harvest/new": [
        may("reviewer steward", "/desk/harvest/new", {
            "title_zh": "邻市", "kind": "ckan", "url": "https://other.example", "name": "other",
            "every_hours": "24", "reason": "两市共用",
        }),
    ],
    "/desk/harvest/sources/{name}/activate": [may("reviewer", "/desk/harvest/sources/asked/activate")],
    "/desk/harvest/sources/{name}/run": [
        may("reviewer steward", "/desk/harvest/sources/neighbour/run")
    ],
    "/desk/harvest/sources/{name}/stop": [
        may("reviewer steward", "/desk/harvest/sources/neighbour/stop", {"reason": "不再更新"})
    ],
}  # fmt: skip
"""By the route: what is tried there."""
