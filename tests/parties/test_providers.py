"""Unset, the seams refuse by name; the contract passes an honest adapter and catches each dishonest one.

The adapters here stand for those of real providers: they and what is behind them are made for this test.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from typing import Any

import pytest

from wushu.config import providers as wiring
from wushu.config.commands import doctor
from wushu.kernel.errors import Refusal
from wushu.parties import selectors
from wushu.parties.providers import (
    EnterpriseClaim,
    NoRealName,
    NoSms,
    PersonClaim,
    Verdict,
    Verified,
    contract,
)
from wushu.parties.providers.refusals import (
    REAL_NAME_UNAVAILABLE,
    SMS_NUMBER_REFUSED,
    SMS_TOO_MANY,
    SMS_UNAVAILABLE,
)

PERSON = PersonClaim("张三", "11010519491231002X")
ENTERPRISE = EnterpriseClaim("某某有限公司", "91350100M000100Y43", "李四")


def test_unset_nothing_is_sent_and_nobody_is_verified(settings):
    settings.SMS_PROVIDER = settings.REAL_NAME_PROVIDER = ""
    with pytest.raises(Refusal) as refused:
        selectors.sms().send_code(phone="+8613800000000", code="1", minutes=5, language="zh")
    assert refused.value.name == "sms-not-configured"
    for ask in (
        lambda: selectors.real_name().verify_person(PERSON),
        lambda: selectors.real_name().verify_enterprise(ENTERPRISE),
    ):
        with pytest.raises(Refusal) as refused:
            ask()
        assert refused.value.name == "real-name-not-configured"


def test_the_setting_names_who_makes_the_adapter(settings):
    settings.SMS_PROVIDER = "tests.parties.test_providers:make_sms"
    settings.REAL_NAME_PROVIDER = "tests.parties.test_providers:make_real_name"
    assert isinstance(selectors.sms(), Sms)
    assert selectors.sms() is selectors.sms()
    assert selectors.real_name().verify_person(PERSON).verdict is Verdict.MATCHES
    assert list(doctor.check_providers()) == []


@pytest.mark.parametrize(
    "name", ["nothing", "no.such.module:x", "tests.parties.test_providers:none"]
)
def test_an_adapter_that_cannot_be_made_is_named_by_the_doctor(settings, name: str):
    settings.SMS_PROVIDER = name
    wiring.made.cache_clear()
    assert [(one.kind, one.where) for one in doctor.check_providers()] == [
        ("provider-broken", "WUSHU_SMS_PROVIDER")
    ]


def test_a_claim_shows_nothing_of_itself():
    shown = repr(PERSON) + repr(ENTERPRISE) + repr(Verified(Verdict.MATCHES, "1"))
    assert not any(word in shown for word in ("张三", "11010519491231002X", "李四"))


class Sms:
    """An honest adapter with its provider, which can be made to misbehave."""

    phone, phone_refused = "+8613800000000", "+8613800000001"

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.mood = ""

    @property
    def provider(self) -> Sms:
        return self

    def send_code(self, *, phone: str, code: str, minutes: int, language: str) -> str:
        if phone == self.phone_refused:
            raise SMS_NUMBER_REFUSED()
        if self.mood == "throttled":
            raise SMS_TOO_MANY()
        if self.mood == "silent":
            raise SMS_UNAVAILABLE()
        self.sent.append((phone, f"验证码 {code}，{minutes} 分钟内有效。"))
        if self.mood == "lost":
            raise SMS_UNAVAILABLE()
        return f"message {len(self.sent)}"

    def delivered(self) -> list[tuple[str, str]]:
        return self.sent

    def throttle(self) -> None:
        self.mood = "throttled"

    def lose_answers(self) -> None:
        self.mood = "lost"

    def fall_silent(self) -> None:
        self.mood = "silent"


class RealName:
    """The same for claims."""

    person, enterprise = PERSON, ENTERPRISE
    person_unknown = PersonClaim("王五", "440524188001010014")
    enterprise_unknown = EnterpriseClaim("无名公司", "91350100M000100Y00")

    def __init__(self) -> None:
        self.is_sound = True

    @property
    def provider(self) -> RealName:
        return self

    def verify_person(self, claim: PersonClaim) -> Verified:
        if not self.is_sound:
            raise REAL_NAME_UNAVAILABLE()
        if claim.identity_number != PERSON.identity_number:
            return Verified(Verdict.UNKNOWN, "1")
        return Verified(Verdict.MATCHES if claim == PERSON else Verdict.DIFFERS, "1")

    def verify_enterprise(self, claim: EnterpriseClaim) -> Verified:
        if not self.is_sound:
            raise REAL_NAME_UNAVAILABLE()
        if claim.credit_code != ENTERPRISE.credit_code:
            return Verified(Verdict.UNKNOWN, "2")
        known = replace(ENTERPRISE, representative=claim.representative and "李四")
        return Verified(Verdict.MATCHES if claim == known else Verdict.DIFFERS, "2")

    def talk_nonsense(self) -> None:
        self.is_sound = False

    fall_silent = talk_nonsense


def make_sms() -> Sms:
    return Sms()


def make_real_name() -> RealName:
    return RealName()


@pytest.mark.parametrize("rule", contract.SMS_RULES)
def test_an_honest_adapter_for_messages_keeps_the_contract(rule: str):
    contract.sms_checks(Sms())[rule]()


@pytest.mark.parametrize("rule", contract.REAL_NAME_RULES)
def test_an_honest_adapter_for_claims_keeps_the_contract(rule: str):
    contract.real_name_checks(RealName())[rule]()


def test_the_rules_are_all_named():
    assert tuple(contract.sms_checks(Sms())) == contract.SMS_RULES
    assert tuple(contract.real_name_checks(RealName())) == contract.REAL_NAME_RULES


class Chatty(Sms):
    def send_code(self, **asked: Any) -> str:
        logging.getLogger("adapter").debug("sending to %s", asked["phone"])
        return super().send_code(**asked)


class Insistent(Sms):
    def send_code(self, **asked: Any) -> str:
        try:
            return super().send_code(**asked)
        except Refusal as refusal:
            if refusal.name != "sms-unavailable":
                raise
            return super().send_code(**asked)


class Forgetful(Sms):
    def send_code(self, **asked: Any) -> str:
        super().send_code(**asked)
        return "message"


class Hopeful(Sms):
    def send_code(self, **asked: Any) -> str:
        try:
            return super().send_code(**asked)
        except Refusal:
            return f"perhaps {id(asked)}"


class Patient(Sms):
    def send_code(self, **asked: Any) -> str:
        if self.mood == "silent":
            threading.Event().wait(0.3)
        return super().send_code(**asked)


class Silent(Sms):
    def send_code(self, **asked: Any) -> str:
        return "message"


class Trusting(RealName):
    def verify_person(self, claim: PersonClaim) -> Verified:
        return Verified(Verdict.MATCHES, "1")


class Strict(RealName):
    def verify_person(self, claim: PersonClaim) -> Verified:
        found = super().verify_person(claim)
        return found if found.verdict is Verdict.MATCHES else Verified(Verdict.DIFFERS, "1")


class Guessing(RealName):
    def verify_enterprise(self, claim: EnterpriseClaim) -> Verified:
        return super().verify_enterprise(claim) if self.is_sound else Verified(Verdict.UNKNOWN, "1")


class Repeating(RealName):
    def verify_person(self, claim: PersonClaim) -> Verified:
        found = super().verify_person(claim)
        return Verified(found.verdict, claim.identity_number)


@pytest.mark.parametrize(
    ("adapter", "broken"),
    [
        (Chatty, "sends_once"),
        (Insistent, "does_not_send_twice"),
        (Forgetful, "numbers_differ"),
        (Hopeful, "refuses_a_number"),
        (Hopeful, "says_too_many"),
        (Patient, "does_not_wait_for_ever"),
        (Silent, "sends_once"),
    ],
)
def test_a_dishonest_adapter_for_messages_is_caught(monkeypatch, adapter: Any, broken: str):
    monkeypatch.setattr(contract, "SECONDS", 0.2)
    with pytest.raises(AssertionError):
        contract.sms_checks(adapter())[broken]()


@pytest.mark.parametrize(
    ("adapter", "broken"),
    [
        (Trusting, "says_no_to_another_name"),
        (Trusting, "makes_no_verdict_of_nonsense"),
        (Strict, "says_that_it_does_not_know"),
        (Guessing, "makes_no_verdict_of_nonsense"),
        (Repeating, "says_yes_to_what_is_so"),
    ],
)
def test_a_dishonest_adapter_for_claims_is_caught(adapter: Any, broken: str):
    with pytest.raises(AssertionError):
        contract.real_name_checks(adapter())[broken]()


def test_what_refuses_does_not_pass_for_an_adapter():
    bench = Sms()
    bench.send_code = NoSms().send_code  # type: ignore[method-assign]
    with pytest.raises(Refusal):
        contract.sms_checks(bench)["sends_once"]()
    with pytest.raises(Refusal):
        NoRealName().verify_person(PERSON)
