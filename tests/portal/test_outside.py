"""Signing in by an identity provider: a real one, in a process of its own, and what it may not do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pyotp
import pytest
from django.test import Client

from tests.parties.conftest import PASSWORD, World
from tests.support.bucket import free_port
from tests.support.oidc import CLIENT, SECRET, provider
from wushu.evidence.models import Entry
from wushu.kernel.errors import Refusal
from wushu.parties import selectors, services
from wushu.parties.models import Account, OutsideIdentity
from wushu.parties.oidc import provider as asking
from wushu.parties.types import NODE, Actor, Role

BASE = "http://testserver"


@pytest.fixture(scope="session")
def issuer(tmp_path_factory) -> Iterator[str]:
    with provider(tmp_path_factory.mktemp("oidc"), BASE) as address:
        yield address


class There:
    """The provider, as its operator and its people see it."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer

    def control(self, **asked: Any) -> None:
        httpx.put(f"{self.issuer}/control", json=asked).raise_for_status()

    def sign_in(self, url: str, user: str) -> str:
        """The person goes where the node sent them and says who they are; where they are sent back."""
        answer = httpx.get(f"{url}&{urlencode({'login_as': user})}")
        assert answer.status_code == 302, answer.text
        return answer.headers["location"].removeprefix(BASE)


@pytest.fixture
def there(issuer: str, db, node_home, settings) -> There:
    settings.PASSWORD_HASHERS = ["tests.parties.hashers.CheapArgon2"]
    settings.BASE_URL = BASE
    settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID = issuer, CLIENT
    settings.OIDC_NAME = "统一身份认证"
    settings.SECRETS_DIR.mkdir()
    (settings.SECRETS_DIR / "oidc.secret").write_text(SECRET + "\n")
    asking._of.cache_clear()
    found = There(issuer)
    found.control(rotate=True)
    return found


@pytest.fixture
def clerk(there: There) -> Actor:
    return World().actor("li.clerk", Role.OPENING_BODY)


@pytest.fixture
def linked(clerk: Actor) -> Actor:
    assert clerk.account is not None
    services.outside_link(actor=NODE, account=clerk.account, subject="li")
    return clerk


def begin(browser: Client, path: str = "/sign-in/provider") -> str:
    answer = browser.get(path)
    assert answer.status_code == 302
    return answer.headers["location"]


def come_back(browser: Client, there: There, user: str = "li", path: str = "/sign-in/provider"):  # type: ignore[no-untyped-def]
    return browser.get(there.sign_in(begin(browser, path), user))


def account_of(browser: Client) -> str:
    return str(browser.session.get("_auth_user_id", ""))


def refusal_in(answer: Any) -> str:
    """The name of the refusal on a page."""
    found = re.search(r"<code>([a-z-]+)</code>", answer.content.decode())
    return found[1] if found else ""


def test_who_is_linked_is_signed_in_and_goes_on(there: There, linked: Actor):
    browser = Client()
    assert "用统一身份认证登录" in browser.get("/sign-in").content.decode()
    answer = come_back(browser, there, path="/sign-in/provider?next=/account")
    assert (answer.status_code, answer.headers["location"]) == (302, "/account")
    assert account_of(browser) == str(linked.account)
    assert browser.cookies["wushu-provider"].value == ""
    note = selectors.sign_ins(actor=linked, limit=1)[0]
    assert note.succeeded


def test_the_request_asks_for_a_code_with_pkce_state_and_nonce(there: There, linked: Actor):
    asked = [parse_qs(urlsplit(begin(Client())).query) for _ in range(2)]
    assert asked[0]["response_type"] == ["code"]
    assert asked[0]["code_challenge_method"] == ["S256"]
    assert asked[0]["redirect_uri"] == [f"{BASE}/sign-in/provider/back"]
    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name]
        assert len(asked[0][name][0]) >= 43


def test_who_is_not_linked_is_told_how_and_no_account_is_found_by_mail(there: There, clerk: Actor):
    row = Account.objects.select_related("person").get(pk=clerk.account)
    row.person.email = "li@city.example"
    row.person.save()
    there.control(claims={"email": "li@city.example", "preferred_username": "li.clerk"})
    browser = Client()
    answer = come_back(browser, there, "li.clerk")
    assert answer.status_code == 403
    assert "没有关联到本平台的账号" in answer.content.decode()
    assert account_of(browser) == ""


def test_a_closed_account_is_not_signed_in(there: There, linked: Actor):
    assert linked.account is not None
    services.account_deactivate(actor=NODE, account=linked.account)
    assert come_back(Client(), there).status_code == 403


def test_the_answer_works_in_the_browser_that_asked_only(there: There, linked: Actor):
    browser, other = Client(), Client()
    back = there.sign_in(begin(browser), "li")
    begin(other)
    for stranger in (Client(), other):
        answer = stranger.get(back)
        assert answer.status_code == 401
        assert account_of(stranger) == ""
    assert browser.get(back).status_code == 302
    again = Client()
    again.cookies = browser.cookies
    assert again.get(back).status_code == 401, "the cookie is gone"


def test_a_code_works_once(there: There, linked: Actor):
    browser = Client()
    url = begin(browser)
    kept = browser.cookies["wushu-provider"].value
    back = there.sign_in(url, "li")
    assert browser.get(back).status_code == 302
    browser.cookies["wushu-provider"] = kept
    assert browser.get(back).status_code == 403


def test_a_sign_in_that_took_too_long_begins_again(there: There, linked: Actor, monkeypatch):
    browser = Client()
    back = there.sign_in(begin(browser), "li")
    monkeypatch.setattr("wushu.parties.oidc.rules.STEP_SECONDS", -1)
    assert browser.get(back).status_code == 401


def test_a_code_of_another_beginning_is_refused(there: There, linked: Actor):
    """Injected: the state is the victim's own, the code is another's, so challenge and nonce differ."""
    victim, attacker = Client(), Client()
    mine = parse_qs(urlsplit(there.sign_in(begin(attacker), "li")).query)
    theirs = parse_qs(urlsplit(there.sign_in(begin(victim), "li")).query)
    query = urlencode({"state": theirs["state"][0], "code": mine["code"][0]})
    assert victim.get(f"/sign-in/provider/back?{query}").status_code == 403
    assert account_of(victim) == ""


@pytest.mark.parametrize(
    "query", ["error=access_denied", "error=%3Cscript%3E", "", "iss=https://evil.example&code=x"]
)
def test_what_is_no_code_signs_nobody_in(there: There, linked: Actor, query: str):
    browser = Client()
    state = parse_qs(urlsplit(begin(browser)).query)["state"][0]
    answer = browser.get(f"/sign-in/provider/back?state={state}&{query}")
    assert answer.status_code in (403, 502)
    assert b"<script>" not in answer.content
    assert account_of(browser) == ""


@pytest.mark.parametrize("named", [True, False])
def test_a_provider_that_turns_its_keys_over_is_still_believed(
    there: There, linked: Actor, named: bool
):
    there.control(named=named)
    assert come_back(Client(), there).status_code == 302
    there.control(rotate=True, named=named)
    assert come_back(Client(), there).status_code == 302


@pytest.mark.parametrize(
    "wrong",
    [
        {"forge": True},
        {"iss": "https://another.example"},
        {"claims": {"aud": ["another"]}},
        {"claims": {"aud": [CLIENT, "another"]}},
        {"claims": {"aud": [CLIENT], "azp": "another"}},
        {"claims": {"nonce": "another"}},
        {"claims": {"exp": 1}},
        {"claims": {"iat": 9999999999}},
        {"claims": {"sub": "x" * 300}},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_this_sign_in_is_refused(
    there: There, linked: Actor, wrong: dict[str, Any]
):
    there.control(**wrong)
    browser = Client()
    answer = come_back(browser, there)
    there.control(honest=True)
    assert answer.status_code == 502
    assert account_of(browser) == ""


def careful(actor: Actor) -> pyotp.TOTP:
    """Give the account one-time codes."""
    setup = services.totp_begin(actor=actor, password=PASSWORD)
    code = pyotp.TOTP(setup.secret)
    services.totp_confirm(
        actor=actor, ticket=setup.ticket, code=code.at(datetime.now(UTC) - timedelta(seconds=30))
    )
    return code


def test_an_account_with_codes_is_asked_for_one_after_the_provider(there: There, linked: Actor):
    code = careful(linked)
    browser = Client(enforce_csrf_checks=True)
    page = come_back(browser, there, path="/sign-in/provider?next=/account")
    assert page.status_code == 200
    assert account_of(browser) == ""
    html = page.content.decode()
    form = {
        name: re.search(rf'name="{name}" value="([^"]*)"', html)[1]  # type: ignore[index]
        for name in ("ticket", "next", "csrfmiddlewaretoken")
    }
    wrong = browser.post("/sign-in/code", {**form, "code": "000000"})
    assert wrong.status_code == 401
    done = browser.post("/sign-in/code", {**form, "code": code.now()})
    assert done.headers["location"] == "/account"
    assert account_of(browser) == str(linked.account)


@pytest.mark.parametrize(
    ("claims", "asked"),
    [
        ({"amr": ["pwd", "mfa"]}, False),
        ({"acr": "urn:gov:level3"}, False),
        ({"amr": ["pwd"]}, True),
        ({"acr": "0"}, True),
        ({"amr": "mfa"}, True),
        ({}, True),
    ],
    ids=str,
)
def test_the_operator_says_which_word_of_the_provider_stands_for_a_code(
    there: There, linked: Actor, settings, claims: dict[str, Any], asked: bool
):
    careful(linked)
    there.control(claims=claims)
    assert come_back(Client(), there).status_code == 200, "nothing stands for it by default"
    settings.OIDC_STRONG = frozenset({"mfa", "urn:gov:level3"})
    assert come_back(Client(), there).status_code == (200 if asked else 302)


def signed_in(username: str = "li.clerk") -> Client:
    browser = Client()
    answer = browser.post("/sign-in", {"username": username, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return browser


def hand_in(browser: Client, page: Any, password: str = PASSWORD) -> Any:
    ticket = re.search(r'name="ticket" value="([^"]*)"', page.content.decode())
    assert ticket is not None
    return browser.post("/account/provider/confirm", {"ticket": ticket[1], "current": password})


def test_a_person_links_their_identity_while_signed_in_with_the_password(
    there: There, clerk: Actor
):
    browser = signed_in()
    assert "未关联" in browser.get("/account").content.decode()
    page = come_back(browser, there, path="/sign-in/provider?link=1")
    assert "li of the city" in page.content.decode()
    assert not OutsideIdentity.objects.exists(), "coming back is not enough"
    assert hand_in(browser, page, "not it").status_code in (401, 403, 422)
    assert not OutsideIdentity.objects.exists()
    assert hand_in(browser, page).status_code == 302
    (found,) = selectors.outside_identities(actor=clerk)
    assert (found.issuer, found.subject) == (there.issuer, "li")
    assert come_back(Client(), there).status_code == 302
    acts = Entry.objects.filter(act="parties.account.linked")
    assert acts.count() == 1
    assert b'"li"' not in bytes(acts.get().leaf), "whom the provider names stays out of the log"


def test_a_link_that_was_begun_by_one_account_is_worth_nothing_to_another(
    there: There, clerk: Actor
):
    World().account("wang.clerk")
    mine, theirs = signed_in(), signed_in("wang.clerk")
    page = come_back(mine, there, path="/sign-in/provider?link=1")
    assert hand_in(theirs, page).status_code != 302
    assert not OutsideIdentity.objects.exists()


def test_an_identity_has_one_account_and_an_account_one_identity(there: There, linked: Actor):
    other = World().account("wang.clerk")
    assert linked.account is not None
    for account, subject, name in (
        (other, "li", "oidc-taken"),
        (linked.account, "wang", "oidc-linked"),
    ):
        with pytest.raises(Refusal) as refused:
            services.outside_link(actor=NODE, account=account, subject=subject)
        assert refused.value.name == name
    answer = hand_in(
        browser := signed_in("wang.clerk"),
        come_back(browser, there, path="/sign-in/provider?link=1"),
    )
    assert answer.status_code == 409
    assert OutsideIdentity.objects.count() == 1


def test_nobody_links_the_account_of_another(there: There, clerk: Actor):
    stranger = World().actor("stranger", Role.OPENING_BODY)
    assert clerk.account is not None
    for act in (
        lambda: services.outside_link(actor=stranger, account=clerk.account, subject="x"),
        lambda: services.outside_unlink(actor=stranger, account=clerk.account),
        lambda: selectors.outside_identities(actor=stranger, account=clerk.account),
    ):
        with pytest.raises(Refusal) as refused:
            act()
        assert refused.value.name == "not-governing"


def test_a_link_that_is_taken_away_signs_nobody_in_and_ends_sessions(there: There, linked: Actor):
    browser, elsewhere = Client(), Client()
    come_back(browser, there)
    come_back(elsewhere, there)
    assert browser.post("/account/provider/end").status_code == 302
    assert browser.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302
    assert come_back(Client(), there).status_code == 403
    assert Entry.objects.filter(act="parties.account.unlinked").count() == 1


def test_who_came_from_the_provider_is_shown_the_way_out_there(there: There, linked: Actor):
    browser = Client()
    come_back(browser, there)
    page = browser.post("/sign-out")
    assert account_of(browser) == ""
    found = re.search(rf'href="({there.issuer}/end\?[^"]*)"', page.content.decode())
    assert found is not None
    assert parse_qs(urlsplit(found[1].replace("&amp;", "&")).query) == {
        "client_id": [CLIENT], "post_logout_redirect_uri": [f"{BASE}/"],
    }  # fmt: skip
    assert signed_in().post("/sign-out").status_code == 302, "who did not is not"


def test_while_the_provider_is_away_local_accounts_still_work(
    there: There, linked: Actor, settings
):
    settings.OIDC_ISSUER = f"http://127.0.0.1:{free_port()}"
    answer = Client().get("/sign-in/provider")
    assert answer.status_code == 502
    assert "用户名和密码" in answer.content.decode()
    browser = signed_in()
    session = browser.session
    session["from-provider"] = True
    session.save()
    assert browser.post("/sign-out").status_code == 302


def test_without_settings_there_is_no_such_way(there: There, settings):
    settings.OIDC_ISSUER = ""
    browser = Client()
    assert browser.get("/sign-in/provider").status_code == 404
    assert browser.get("/sign-in/provider/back?state=x&code=y").status_code == 404
    assert "provider" not in browser.get("/sign-in").content.decode()


def test_nobody_is_led_to_another_site_by_the_way_back(there: There, linked: Actor):
    answer = come_back(Client(), there, path="/sign-in/provider?next=//evil.example/")
    assert answer.headers["location"] == "/desk"


@pytest.fixture
def broken(there: There, monkeypatch) -> Callable[[dict[str, Any]], None]:
    """Another discovery document."""
    from wushu.parties.oidc import rules

    def install(document: dict[str, Any]) -> None:
        real = rules.metadata_of
        monkeypatch.setattr(
            rules, "metadata_of", lambda found, issuer: real({**found, **document}, issuer)
        )

    return install


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "ftp://x"},
        {"jwks_uri": ""},
        {"jwks_uri": 7},
    ],
    ids=str,
)
def test_a_discovery_document_that_leads_astray_is_refused(
    broken: Callable[[dict[str, Any]], None], document: dict[str, Any]
):
    broken(document)
    assert Client().get("/sign-in/provider").status_code == 502
