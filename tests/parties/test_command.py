"""``wushu account`` as an administrator types it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.utils import timezone

from tests.parties.conftest import PASSWORD, credit_code
from wushu.config.cli import main
from wushu.evidence.models import Entry
from wushu.kernel.errors import Refusal
from wushu.parties import selectors, services
from wushu.parties.models import Account
from wushu.parties.types import NODE, Role

NEW = "a different sentence 7"


@pytest.fixture
def wushu(db):
    """Runs a command line; answers what it printed. A refusal is raised, as a shell sees exit 1."""

    def run(*words: str, stdin: str = "") -> str:
        result = CliRunner().invoke(main, ["account", *words], input=stdin)
        assert result.exit_code == 0, result.output
        return result.stdout

    return run


@pytest.fixture
def code(wushu) -> str:
    made = credit_code()
    wushu(
        "organisation", "add", made, "--kind", "department", "--name-zh", "姑苏区数据局",
        "--division", "320505", "--contact-email", "a@b.example",
    )  # fmt: skip
    return made


def create(wushu, code, *more: str) -> str:
    return wushu(
        "create", "li.min", "--name", "李敏", "--organisation", code, "--role", "opening_body",
        "--role", "expert", "--password-stdin", *more, stdin=f"{PASSWORD}\n",
    )  # fmt: skip


def test_a_natural_person_gets_a_role_of_their_own_and_lays_it_down(wushu):
    wushu(
        "create", "bai.xue", "--name", "白雪", "--role", "data_user", "--password-stdin",
        stdin=f"{PASSWORD}\n",
    )  # fmt: skip
    [held] = selectors.actor_for_username("bai.xue").roles
    assert (held.role, held.organisation) == (Role.DATA_USER, None)
    assert "data_user" in wushu("list", "--json")
    wushu("end", "bai.xue", "--role", "data_user")
    wushu("grant", "bai.xue", "--role", "applicant")
    assert {one.role for one in selectors.actor_for_username("bai.xue").roles} == {Role.APPLICANT}


def signs_in(password: str) -> bool:
    try:
        return bool(services.sign_in(username="li.min", password=password))
    except Refusal:
        return False


def test_an_account_is_made_with_its_person_and_roles(wushu, code):
    made = json.loads(create(wushu, code, "--json"))
    assert signs_in(PASSWORD)
    actor = selectors.actor_for_username("li.min")
    assert {held.role for held in actor.roles} == {Role.OPENING_BODY, Role.EXPERT}
    assert (made["account"], made["person"]) == (str(actor.account), str(actor.person))
    assert {e.actor for e in Entry.objects.filter(act="parties.account.created")} == {NODE.urn}


def test_a_refused_account_leaves_no_person_behind(wushu, code):
    result = CliRunner().invoke(
        main,
        ["account", "create", "li.min", "--name", "李敏", "--password-stdin"],
        input="short\n",
    )
    assert result.exit_code == 1
    assert "[password-weak]" in result.stderr
    assert not Entry.objects.filter(act="parties.person.registered").exists()


def test_a_password_is_never_taken_from_the_command_line(wushu):
    result = CliRunner().invoke(main, ["account", "create", "--help"])
    assert "--password-stdin" in result.output
    assert "--password " not in result.output


def test_an_organisation_without_a_role_is_wrong_usage(db):
    words = ["account", "create", "x.y", "--name", "x", "--organisation", "1", "--password-stdin"]
    assert CliRunner().invoke(main, words, input="p\n").exit_code == 2


def test_a_role_that_needs_an_organisation_is_refused_without_one(db):
    words = ["account", "create", "x.y", "--name", "x", "--role", "expert", "--password-stdin"]
    result = CliRunner().invoke(main, words, input=f"{PASSWORD}\n")
    assert (result.exit_code, "role-needs-organisation" in result.stderr) == (1, True)
    assert selectors.accounts(actor=NODE) == []


def test_the_password_is_asked_twice_when_no_input_is_piped(wushu, code):
    create(wushu, code)
    wushu("password", "li.min", stdin=f"{NEW}\n{NEW}\n")
    assert signs_in(NEW)
    assert not signs_in(PASSWORD)


def test_roles_are_granted_and_ended(wushu, code):
    create(wushu, code)
    wushu("grant", "li.min", "--organisation", code, "--role", "data_user", "--until", "2099-01-01")
    assert selectors.actor_for_username("li.min").holds(Role.DATA_USER)
    wushu("end", "li.min", "--organisation", code, "--role", "data_user")
    assert not selectors.actor_for_username("li.min").holds(Role.DATA_USER)
    words = ["account", "end", "li.min", "--organisation", code, "--role", "data_user"]
    assert CliRunner().invoke(main, words).exit_code == 1


def test_an_account_is_closed_and_opened(wushu, code):
    create(wushu, code)
    wushu("close", "li.min")
    assert not signs_in(PASSWORD)
    assert [a["state"] for a in json.loads(wushu("list", "--json"))] == ["closed"]
    wushu("open", "li.min")
    assert signs_in(PASSWORD)


def test_the_lists_show_what_there_is(wushu, code):
    create(wushu, code)
    [account] = json.loads(wushu("list", "--json"))
    assert (account["username"], account["person"]) == ("li.min", "李敏")
    assert "expert in 姑苏区数据局" in account["roles"]
    [body] = json.loads(wushu("organisation", "list", "--kind", "department", "--json"))
    assert (body["code"], body["level"]) == (code, "county")
    assert json.loads(wushu("organisation", "list", "--kind", "agency", "--json")) == []
    assert "li.min" in wushu("list")


def test_a_key_is_printed_once_and_revoked_by_its_prefix(wushu, code):
    from django.utils import timezone

    create(wushu, code)
    words = ["key", "issue", "li.min", "--name", "job", "--scope", "rows:read", "--days", "30"]
    text = wushu(*words).strip()
    prefix = text.split("_")[1]
    assert selectors.actor_for_api_key(text, timezone.now()).name == "李敏"
    listed = wushu("key", "list", "li.min", "--json")
    assert json.loads(listed)[0]["prefix"] == prefix
    assert json.loads(listed)[0]["state"].startswith("expires")
    assert text not in listed
    wushu("key", "revoke", "li.min", prefix)
    assert json.loads(wushu("key", "list", "li.min", "--json"))[0]["state"].startswith("revoked")
    assert CliRunner().invoke(main, ["account", "key", "revoke", "li.min", "x"]).exit_code == 1


def test_removing_codes_that_are_not_set_up_says_so(wushu, code):
    create(wushu, code)
    result = CliRunner().invoke(main, ["account", "remove-codes", "li.min"])
    assert (result.exit_code, "[totp-not-set]" in result.stderr) == (1, True)


def test_old_attempts_are_deleted(wushu, code):
    create(wushu, code)
    assert signs_in(PASSWORD)
    assert wushu("forget-attempts", "--days", "180").startswith("已删除 180 天以前的 0 次")


@pytest.mark.parametrize(
    ("language", "said", "heading"), [("zh", "已停用", "用户名"), ("en", "is closed", "username")]
)
def test_it_speaks_the_language_of_the_command_line(
    wushu, code, monkeypatch, language, said, heading
):
    monkeypatch.setenv("WUSHU_LANG", language)
    create(wushu, code)
    assert said in wushu("close", "li.min")
    assert heading in wushu("list")
    [row] = json.loads(wushu("list", "--json"))
    assert (row["username"], row["state"], row["one-time codes"]) == ("li.min", "closed", "no")


def test_a_new_password_revokes_keys_unless_they_are_kept(wushu, code):
    create(wushu, code)
    issue = ("key", "issue", "li.min", "--name", "job", "--scope", "rows:read")
    kept = wushu(*issue).strip()
    said = wushu("password", "li.min", "--password-stdin", "--keep-keys", stdin=f"{NEW}\n")
    assert "0" in said
    assert selectors.actor_for_api_key(kept, timezone.now()).account
    assert "1" in wushu("password", "li.min", "--password-stdin", stdin=f"{PASSWORD}\n")
    with pytest.raises(Refusal, match="api-key-revoked"):
        selectors.actor_for_api_key(kept, timezone.now())


def test_an_account_is_signed_out_everywhere(wushu, code):
    create(wushu, code)
    account = Account.objects.get(username="li.min")
    session = account.get_session_auth_hash()
    wushu("sign-out", "li.min")
    account.refresh_from_db()
    assert account.get_session_auth_hash() != session


def test_an_address_to_set_a_password_is_given_out(wushu, code):
    create(wushu, code)
    address = wushu("password-link", "li.min").strip()
    account, ticket = address.rsplit("/", 2)[1:]
    services.password_link_use(account=account, ticket=ticket, password=NEW)
    assert signs_in(NEW)


def test_a_colleague_takes_over(wushu, code):
    create(wushu, code)
    wushu(
        "create", "wang.wei", "--name", "王伟", "--organisation", code, "--role", "opening_body",
        "--role", "expert", "--password-stdin", stdin=f"{PASSWORD}\n",
    )  # fmt: skip
    words = ("transfer", "li.min", "--organisation", code, "--to", "wang.wei", "--json")
    assert json.loads(wushu(*words, "--dry-run"))["dry_run"]
    assert selectors.actor_for_username("li.min").roles
    assert json.loads(wushu(*words))["entries"] == []
    assert selectors.actor_for_username("li.min").roles == ()
