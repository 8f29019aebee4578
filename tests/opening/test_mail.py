"""Notices by mail, to a real mail server."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client

from tests.catalog.conftest import METADATA, City
from tests.opening.conftest import Later, _Inbox, new_version, relist, work
from tests.parties.conftest import World
from wushu.catalog import services as catalog
from wushu.catalog.models import Revision
from wushu.evidence.models import Detail, Entry
from wushu.kernel.errors import Refusal
from wushu.opening import links, rules, selectors, services
from wushu.opening.models import Delivery, Subscription
from wushu.opening.types import Channel, SubscriptionState, SubscriptionView, Target, TargetKind
from wushu.parties import services as parties
from wushu.parties.types import NODE, Actor

pytestmark = pytest.mark.django_db
BOX = "li.lei@mail.example"


def follow(reader: Actor, target: Target, address: str = BOX) -> SubscriptionView:
    view, secret = services.subscription_open(
        actor=reader, channel=Channel.MAIL, target=target, address=address
    )
    assert secret == ""
    return view


def confirmed(reader: Actor, target: Target, address: str = BOX) -> SubscriptionView:
    view = follow(reader, target, address)
    work()
    return services.subscription_confirm(links.confirm_link(view.id).rsplit("/", 1)[1])


def dataset(entry: object) -> Target:
    return Target(TargetKind.DATASET, entry.id)  # type: ignore[attr-defined]


def test_nothing_but_the_question_is_sent_before_the_mailbox_agrees(
    city: City, reader: Actor, inbox: _Inbox
):
    entry = city.listed()
    follow(reader, dataset(entry))
    work()
    new_version(city, entry, 2)
    assert work() == 0
    assert [mail["Subject"].strip() for mail in inbox.mails] == [
        "[示范市公共数据] 请确认订阅 / Please confirm your subscription"
    ]


def test_who_opens_the_link_and_confirms_is_told_of_the_next_version(
    city: City, reader: Actor, inbox: _Inbox, settings
):
    settings.BASE_URL = "https://data.city.example"
    entry = city.listed()
    follow(reader, dataset(entry))
    work()
    link = re.search(
        r"https://data\.city\.example(/subscriptions/confirm/\S+)", inbox.mails[0].get_content()
    )
    assert link is not None
    browser = Client(HTTP_HOST="testserver")
    assert "li.lei@mail.example" in browser.get(link[1]).content.decode()
    assert selectors.subscriptions(actor=reader)[0].state is SubscriptionState.UNCONFIRMED, (
        "a program that only looks into mails must not agree for anybody"
    )
    assert browser.post(link[1]).status_code == 200
    new_version(city, entry, 2)
    assert work() == 1
    mail = inbox.mails[1]
    assert mail["To"] == BOX
    assert mail["From"] == "data@city.example"
    assert "公共停车场分布：第 2 版数据 / version 2" in mail["Subject"]
    text = mail.get_content()
    assert "公共停车场分布：第 2 版数据" in text
    assert "Public car parks: version 2" in text
    assert f"https://data.city.example/datasets/{entry.slug}" in text
    assert mail["Auto-Submitted"] == "auto-generated"


def test_each_thing_that_happens_to_a_dataset_is_told_once(
    city: City, reader: Actor, inbox: _Inbox
):
    entry = city.listed()
    confirmed(reader, dataset(entry))
    relist(city, entry, description_zh="改过的说明")
    new_version(city, entry, 2)
    why = {"reason": "核对", "basis": "第十二条"}
    catalog.entry_seal(actor=city.clerk, entry=entry.id, **why)
    catalog.entry_restore(actor=city.reviewer, entry=entry.id, **why)
    catalog.entry_withdraw(actor=city.clerk, entry=entry.id, **why)
    assert work() == 5
    assert work() == 0
    (mail,) = inbox.mails[1:]
    assert "5 条动态 / 5 notices" in mail["Subject"]
    said = [line for line in mail.get_content().splitlines() if line.startswith("· ")]
    assert [line.rpartition("：")[2] for line in said] == [
        "说明已修改", "第 2 版数据", "已封存", "已恢复开放", "已下架",
    ]  # fmt: skip


def test_who_follows_a_body_or_a_search_is_told_of_new_data_only(
    city: City, reader: Actor, inbox: _Inbox
):
    confirmed(reader, Target(TargetKind.BODY, city.transport.id))
    confirmed(reader, Target(TargetKind.SEARCH, search={"q": "停车", "theme": "TRAN"}))
    fits = city.listed()
    city.listed(replace(METADATA, title_zh="医院名录", title_en="Hospitals", keywords=("医院",),
                        description_zh="全市医院。", description_en="All hospitals.",
                        theme="HEAL"), by=city.stranger)  # fmt: skip
    new_version(city, fits, 2)
    assert work() == 2
    told = inbox.mails[1:]
    assert {mail["Subject"].split("] ")[1] for mail in told} == {
        "公共停车场分布：新数据上架 / new dataset"
    }
    assert any("检索“停车 · 交通运输”" in mail.get_content() for mail in told)


def test_what_happened_before_is_told_nobody(city: City, reader: Actor, inbox: _Inbox):
    entry = city.listed()
    new_version(city, entry, 2)
    confirmed(reader, dataset(entry))
    assert work() == 0


def test_a_mailbox_that_agreed_is_not_asked_again_by_the_same_account(
    city: City, reader: Actor, inbox: _Inbox
):
    confirmed(reader, dataset(city.listed()))
    more = follow(reader, Target(TargetKind.BODY, city.transport.id))
    assert more.state is SubscriptionState.ACTIVE
    other = follow(World().actor("other"), dataset(city.listed()))
    assert other.state is SubscriptionState.UNCONFIRMED, "for somebody else it is asked"


def test_one_click_in_the_mail_program_ends_it_and_erases_the_address(
    city: City, reader: Actor, inbox: _Inbox, settings
):
    settings.BASE_URL = "https://data.city.example"
    entry = city.listed()
    confirmed(reader, dataset(entry))
    mail = inbox.mails[0]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = mail["List-Unsubscribe"].strip(" <>")
    provider = Client(enforce_csrf_checks=True, HTTP_HOST="testserver")
    assert provider.get(urlsplit(address).path).status_code == 200
    assert Subscription.objects.count() == 1, "looking is not ending"
    answer = provider.post(urlsplit(address).path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert Subscription.objects.count() == Delivery.objects.count() == 0
    assert provider.post(urlsplit(address).path).status_code == 200, "clicking twice is no fault"
    new_version(city, entry, 2)
    assert work() == 0


def test_one_click_is_not_promised_without_https(city: City, reader: Actor, inbox: _Inbox):
    confirmed(reader, dataset(city.listed()))
    assert inbox.mails[0]["List-Unsubscribe"].strip().startswith("<http://")
    assert inbox.mails[0]["List-Unsubscribe-Post"] is None


def test_the_link_to_confirm_expires(city: City, reader: Actor, inbox: _Inbox, monkeypatch):
    view = follow(reader, dataset(city.listed()))
    token = links.confirm_link(view.id).rsplit("/", 1)[1]
    monkeypatch.setattr(rules, "CONFIRM_HOURS", -1)
    with pytest.raises(Refusal) as refused:
        services.subscription_confirm(token)
    assert refused.value.name == "confirmation-invalid"


@pytest.mark.parametrize("what", ["made up", "of the other kind"])
def test_a_link_nobody_was_sent_opens_nothing(city: City, reader: Actor, inbox: _Inbox, what: str):
    view = follow(reader, dataset(city.listed()))
    token = "x" * 60 if what == "made up" else links.end_link(view.id).rsplit("/", 1)[1]
    with pytest.raises(Refusal) as refused:
        services.subscription_confirm(token)
    assert refused.value.name == "confirmation-invalid"
    assert Client().get(f"/subscriptions/confirm/{token}").status_code == 410


def test_no_title_becomes_a_second_header(city: City, reader: Actor, inbox: _Inbox):
    title = "停车\r\nBcc: thief@evil.example\r\n\r\n\u2028正文"
    confirmed(reader, Target(TargetKind.BODY, city.transport.id))
    entry = city.listed()
    # The catalogue takes no such title; here somebody wrote it past the services.
    Revision.objects.filter(entry=entry.id).update(title_zh=title)
    work()
    mail = inbox.mails[1]
    assert mail["Bcc"] is None
    assert "Bcc: thief@evil.example" in mail["Subject"]
    assert "\n" not in mail["Subject"]


@pytest.mark.parametrize(
    "address",
    ["a@b.example\nBcc: c@d.example", "no mailbox", "a@b.example,c@d.example", "", "张@例子.中国",
     f"{'a' * 250}@b.example"],
)  # fmt: skip
def test_what_is_no_mail_address_is_refused(city: City, reader: Actor, inbox: _Inbox, address: str):
    with pytest.raises(Refusal) as refused:
        follow(reader, dataset(city.listed()), address)
    assert refused.value.name == "address-wrong"


def test_a_mailbox_that_is_not_there_suspends_at_once(city: City, reader: Actor, inbox: _Inbox):
    entry = city.listed()
    confirmed(reader, dataset(entry))
    inbox.refuse[BOX] = "550 no such user"
    new_version(city, entry, 2)
    assert work() == 0
    (view,) = selectors.subscriptions(actor=reader)
    assert (view.state, view.problem) == (SubscriptionState.SUSPENDED, "mailbox")
    assert selectors.suspended_count(actor=reader) == 1


def test_a_mail_server_that_is_away_is_asked_again_later(
    city: City, reader: Actor, inbox: _Inbox, later: Later, settings
):
    entry = city.listed()
    confirmed(reader, dataset(entry))
    new_version(city, entry, 2)
    there, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    assert work() == 0
    assert selectors.subscriptions(actor=reader)[0].problem == "mail-server"
    settings.EMAIL_PORT = there
    assert work() == 0, "not before the pause is over"
    later(minutes=2)
    assert work() == 1
    assert selectors.subscriptions(actor=reader)[0].problem is None


def test_a_mail_that_is_sent_again_is_known_by_the_same_id(
    city: City, reader: Actor, inbox: _Inbox, later: Later, monkeypatch: pytest.MonkeyPatch
):
    from wushu.opening.services import delivering

    class Died(BaseException):
        pass

    def die(name: str) -> None:
        raise Died

    entry = city.listed()
    confirmed(reader, dataset(entry))
    new_version(city, entry, 2)
    with monkeypatch.context() as patched:
        patched.setattr(delivering, "failpoint", die)
        with pytest.raises(Died):
            work()
    later(minutes=16)
    assert work() == 1
    asked, told, again = (mail["Message-ID"].strip() for mail in inbox.mails)
    assert told == again != asked
    relist(city, entry, description_zh="改过")
    assert work() == 1
    assert inbox.mails[-1]["Message-ID"].strip() != told


def test_the_address_is_encrypted_at_rest_and_in_no_log(city: City, reader: Actor, inbox: _Inbox):
    before = Entry.objects.count()
    confirmed(reader, dataset(city.listed()))
    stored = str(list(Subscription.objects.values()))
    assert "li.lei" not in stored
    assert not any(b"li.lei" in bytes(one) for one in Entry.objects.values_list("leaf", flat=True))
    assert not any(b"li.lei" in bytes(one) for one in Detail.objects.values_list("body", flat=True))
    acts = set(Entry.objects.order_by("pk")[before:].values_list("act", flat=True))
    assert not any(act.startswith("opening.") for act in acts)


def test_without_a_mail_server_mail_is_not_offered(city: City, reader: Actor, settings):
    settings.EMAIL_HOST = ""
    assert selectors.channels() == (Channel.WEBHOOK,)
    with pytest.raises(Refusal) as refused:
        follow(reader, dataset(city.listed()))
    assert refused.value.name == "channel-off"


def test_nobody_is_pestered_through_this_node(city: City, reader: Actor, inbox: _Inbox):
    """Not by opening and ending again and again, and not from several accounts."""
    entry = city.listed()
    for _ in range(rules.QUESTIONS_PER_MAILBOX):
        view = follow(reader, dataset(entry))
        services.subscription_end(actor=reader, subscription=view.id)
    with pytest.raises(Refusal) as refused:
        follow(reader, dataset(entry), BOX.upper())
    assert refused.value.name == "asked-too-often"


def test_an_address_that_never_agrees_is_forgotten(
    city: City, reader: Actor, inbox: _Inbox, later: Later
):
    follow(reader, dataset(city.listed()))
    later(days=rules.UNCONFIRMED_DAYS, minutes=1)
    services.belongings_sweep()
    assert not Subscription.objects.exists()


def test_subscriptions_go_with_the_account(city: City, reader: Actor, inbox: _Inbox):
    entry = city.listed()
    confirmed(reader, dataset(entry))
    new_version(city, entry, 2)
    assert reader.account is not None
    parties.account_deactivate(actor=NODE, account=reader.account)
    services.belongings_sweep()
    assert work() == 0
    assert not Subscription.objects.exists()


def test_nobody_sees_or_ends_anothers_subscription(city: City, reader: Actor, inbox: _Inbox):
    view, other = follow(reader, dataset(city.listed())), World().actor("other")
    assert selectors.subscriptions(actor=other) == []
    for act in (services.subscription_end, services.subscription_ask_again):
        with pytest.raises(Refusal) as refused:
            act(actor=other, subscription=view.id)
        assert refused.value.name == "not-found"


def test_old_notices_are_forgotten(city: City, reader: Actor, inbox: _Inbox, later: Later):
    entry = city.listed()
    confirmed(reader, dataset(entry))
    new_version(city, entry, 2)
    work()
    later(days=rules.KEEP_DAYS + 1)
    services.belongings_sweep()
    assert not Delivery.objects.exists()
    assert timedelta(days=rules.KEEP_DAYS) > timedelta(days=7)
