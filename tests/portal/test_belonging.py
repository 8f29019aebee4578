"""Marking and following datasets through the pages alone."""

from __future__ import annotations

import re

from tests.portal.conftest import Visitor
from tests.portal.live import LiveNode


def test_a_dataset_is_marked_found_on_the_account_page_and_unmarked(
    known: dict[str, Visitor], node: LiveNode
):
    analyst, page = known["analyst"], f"/datasets/{node.scenes.datasets['stops']}"
    marked = analyst.send_form(page, {"marked": "1"}, to=f"{page}/favourite")
    assert (marked.status_code, marked.headers["location"]) == (302, page)
    assert "取消收藏" in analyst.get(page).text
    assert f'href="{page}"' in analyst.get("/account").text
    assert f'href="{page}"' not in known["clerk"].get("/account").text
    back = {"marked": "0", "next": "/account"}
    unmarked = analyst.send_form("/account", back, to=f"{page}/favourite")
    assert unmarked.headers["location"] == "/account"
    assert f'href="{page}"' not in analyst.get("/account").text


def test_marked_datasets_that_were_closed_are_shown_as_what_they_are(
    known: dict[str, Visitor], node: LiveNode
):
    page = known["citizen"].get("/en/account").text
    marked = page.partition('id="favourites"')[2].partition("</section>")[0]
    for scene, state in (("sealed", "Sealed"), ("withdrawn", "Withdrawn")):
        line = marked.partition(node.scenes.datasets[scene])[2].partition("</li></ul>")[0]
        assert f'<span class="state refused">{state}</span>' in line


def test_the_public_is_led_to_the_feed_or_to_sign_in(visitor: Visitor, node: LiveNode):
    slug = node.scenes.datasets["stops"]
    page = visitor.get(f"/datasets/{slug}").text
    assert "收藏" not in page
    follow = f"/account/subscriptions/new?what=dataset&amp;slug={slug}"
    assert follow in page
    answer = visitor.get(follow.replace("&amp;", "&"))
    assert answer.status_code == 302
    assert answer.headers["location"].startswith("/sign-in?next=%2Faccount%2Fsubscriptions")


def test_a_webhook_is_followed_with_a_secret_shown_once_and_ended(
    known: dict[str, Visitor], node: LiveNode
):
    analyst = known["analyst"]
    asked = f"/account/subscriptions/new?what=dataset&slug={node.scenes.datasets['taps']}"
    shown = analyst.send_form(
        asked, {"channel": "webhook", "address": "https://hooks.scenes.example/a?b=c"}
    )
    assert shown.status_code == 200
    assert re.search(r"whsec_[A-Za-z0-9+/]{43}=", shown.text)
    listed = analyst.get("/account/subscriptions").text
    assert "whsec_" not in listed
    assert "https://hooks.scenes.example/a?b=c" in listed
    assert "hooks.scenes.example/a" not in known["citizen"].get("/account/subscriptions").text
    end = re.search(r'href="(/account/subscriptions/[^"]+/end)"', listed)
    assert end is not None
    assert known["citizen"].get(end[1]).status_code == 404, "it is nobody else's"
    assert analyst.send_form(end[1], {}).status_code == 302
    assert "hooks.scenes.example/a" not in analyst.get("/account/subscriptions").text


def test_a_search_is_followed_as_it_was_understood(known: dict[str, Visitor]):
    found = known["citizen"].get("/datasets?q=gongjiao&theme=TRAN&attribute=nonsense").text
    link = re.search(r'href="(/account/subscriptions/new\?what=search[^"]+)"', found)
    assert link is not None
    page = known["citizen"].get(link[1].replace("&amp;", "&")).text
    assert "检索“gongjiao · 交通运输”" in page
    assert "nonsense" not in page


def test_a_mail_provider_ends_a_subscription_with_one_click(node: LiveNode, visitor: Visitor):
    """No cookie, no token of a form, no referrer: RFC 8058, section 3.2."""
    address = f"/subscriptions/end/{node.scenes.links['ended']}"
    answer = visitor.post(address, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert visitor.post("/subscriptions/end/made-up").status_code == 410


def test_a_script_of_a_signed_in_page_follows_and_ends_by_the_api(
    known: dict[str, Visitor], node: LiveNode
):
    analyst, address = known["analyst"], "/api/v1/subscriptions"
    assert known[""].get(address).status_code == 401
    followed = {
        "channel": "webhook", "address": "https://hooks.scenes.example/api",
        "dataset": node.scenes.datasets["stops"],
    }  # fmt: skip
    assert analyst.post(address, json=followed).status_code == 403, "without the pages' token"
    analyst.get("/account")
    token = {"x-csrftoken": analyst.cookies["csrftoken"]}
    made = analyst.post(address, json=followed, headers=token)
    assert made.status_code == 201
    assert [one["self"] for one in analyst.get(address).json()["items"]] == [made.json()["self"]]
    assert "hooks.scenes.example/api" in analyst.get("/account/subscriptions").text
    assert analyst.delete(made.json()["self"], headers=token).status_code == 204
    assert analyst.get(address).json()["items"] == []
