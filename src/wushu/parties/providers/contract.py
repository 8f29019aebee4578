"""What an adapter for a provider must keep, as checks that its author runs.

The author writes a *bench*: the adapter, connected to the provider's test environment or to a server of
one's own that speaks its protocol, and the means to make that misbehave. ``sms_checks(bench)`` and
``real_name_checks(bench)`` give the checks, by name; each raises ``AssertionError`` with what was broken.

With pytest::

    @pytest.mark.parametrize("name", SMS_RULES)
    def test_contract(bench, name):
        sms_checks(bench)[name]()
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from wushu.kernel.errors import Refusal
from wushu.parties.providers import (
    EnterpriseClaim,
    PersonClaim,
    RealNameProvider,
    SmsProvider,
    Verdict,
)

SECONDS = 20.0
"""Within which a call comes back, whatever the provider does: a person waits."""
REFERENCE_LENGTH = 200
Checks = dict[str, Callable[[], None]]


class SmsBench(Protocol):
    """An adapter, and what is behind it."""

    provider: SmsProvider
    phone: str
    """A number that gets messages."""
    phone_refused: str
    """A number that the provider turns down."""

    def delivered(self) -> list[tuple[str, str]]:
        """Phone and text of each message that arrived, oldest first."""

    def throttle(self) -> None:
        """From now on the provider says that there were too many."""

    def lose_answers(self) -> None:
        """From now on messages arrive, and the provider's answers do not."""

    def fall_silent(self) -> None:
        """From now on the provider takes connections and says nothing."""


class RealNameBench(Protocol):
    """An adapter, and whom its provider knows."""

    provider: RealNameProvider
    person: PersonClaim
    """Somebody the provider knows."""
    enterprise: EnterpriseClaim
    """One it knows, with its representative."""
    person_unknown: PersonClaim
    enterprise_unknown: EnterpriseClaim

    def talk_nonsense(self) -> None:
        """From now on the provider's answers are not what its protocol says."""

    def fall_silent(self) -> None:
        """From now on the provider takes connections and says nothing."""


class _Heard(logging.Handler):
    """Everything that is logged meanwhile."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.text = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.text += logging.Formatter().format(record) + "\n"


@contextmanager
def _discreet(*secrets: str) -> Iterator[None]:
    """Nothing of the secrets is logged or part of an error; the work ends in time."""
    heard, root = _Heard(), logging.getLogger()
    level, said = root.level, ""
    root.addHandler(heard)
    root.setLevel(logging.DEBUG)
    began = time.monotonic()
    try:
        yield
    except Refusal as refusal:
        said = f"{refusal} {refusal.facts} {refusal.sentence('zh')} {refusal.sentence('en')}"
        raise
    finally:
        root.removeHandler(heard)
        root.setLevel(level)
        took = time.monotonic() - began
        for secret in secrets:
            assert secret not in heard.text, "what must stay private is in the log"
            assert secret not in said, "what must stay private is in the refusal"
        assert took <= SECONDS, f"it took {took:.0f} s, not {SECONDS:.0f} at most"


def _refused(act: Callable[[], object], *names: str) -> None:
    try:
        act()
    except Refusal as refusal:
        wanted = " or ".join(names)
        assert refusal.name in names, f"refused as {refusal.name}, not as {wanted}"  # noqa: PT017  (no pytest here)
        return
    raise AssertionError(f"not refused as {' or '.join(names)}")


def sms_checks(bench: SmsBench) -> Checks:
    """The checks for a provider of text messages; take a fresh bench for each."""
    code = "480913"

    def send(phone: str = "") -> str:
        to = phone or bench.phone
        with _discreet(to, code):
            return bench.provider.send_code(phone=to, code=code, minutes=5, language="zh")

    def sends_once() -> None:
        reference = send()
        found = bench.delivered()
        assert [phone for phone, _ in found] == [bench.phone], "one message, to that phone"
        assert code in found[0][1], "with the code"
        assert "5" in found[0][1].replace(code, ""), "and how long it holds"
        assert 0 < len(reference) <= REFERENCE_LENGTH, "the provider's number for it"

    def numbers_differ() -> None:
        assert send() != send(), "each message has a number of its own"

    def refuses_a_number() -> None:
        _refused(lambda: send(bench.phone_refused), "sms-number-refused")
        assert bench.delivered() == []

    def says_too_many() -> None:
        bench.throttle()
        _refused(send, "sms-too-many")

    def does_not_send_twice() -> None:
        bench.lose_answers()
        _refused(send, "sms-unavailable")
        assert len(bench.delivered()) <= 1, "sent again though the first may have arrived"

    def does_not_wait_for_ever() -> None:
        bench.fall_silent()
        _refused(send, "sms-unavailable")

    return {
        one.__name__: one
        for one in (
            sends_once, numbers_differ, refuses_a_number, says_too_many, does_not_send_twice,
            does_not_wait_for_ever,
        )
    }  # fmt: skip


def real_name_checks(bench: RealNameBench) -> Checks:
    """The checks for a provider that verifies claims; take a fresh bench for each."""

    def person(claim: PersonClaim) -> Verdict:
        with _discreet(claim.name, claim.identity_number):
            found = bench.provider.verify_person(claim)
        assert 0 < len(found.reference) <= REFERENCE_LENGTH, "the provider's number for it"
        assert claim.identity_number not in repr(found), "the verdict repeats the number"
        return found.verdict

    def enterprise(claim: EnterpriseClaim) -> Verdict:
        with _discreet(*([claim.representative] if claim.representative else [])):
            return bench.provider.verify_enterprise(claim).verdict

    def says_yes_to_what_is_so() -> None:
        assert person(bench.person) is Verdict.MATCHES
        assert enterprise(bench.enterprise) is Verdict.MATCHES
        known = EnterpriseClaim(bench.enterprise.name, bench.enterprise.credit_code)
        assert enterprise(known) is Verdict.MATCHES, "a representative need not be claimed"

    def says_no_to_another_name() -> None:
        another = PersonClaim(bench.person.name + "某", bench.person.identity_number)
        assert person(another) is Verdict.DIFFERS
        own = bench.enterprise
        for claim in (
            EnterpriseClaim(own.name + "某", own.credit_code, own.representative),
            EnterpriseClaim(own.name, own.credit_code, own.representative + "某"),
        ):
            assert enterprise(claim) is Verdict.DIFFERS

    def says_that_it_does_not_know() -> None:
        assert person(bench.person_unknown) is Verdict.UNKNOWN
        assert enterprise(bench.enterprise_unknown) is Verdict.UNKNOWN

    def makes_no_verdict_of_nonsense() -> None:
        bench.talk_nonsense()
        _refused(lambda: person(bench.person), "real-name-unavailable")
        _refused(lambda: enterprise(bench.enterprise), "real-name-unavailable")

    def does_not_wait_for_ever() -> None:
        bench.fall_silent()
        _refused(lambda: person(bench.person), "real-name-unavailable")

    return {
        one.__name__: one
        for one in (
            says_yes_to_what_is_so, says_no_to_another_name, says_that_it_does_not_know,
            makes_no_verdict_of_nonsense, does_not_wait_for_ever,
        )
    }  # fmt: skip


SMS_RULES = (
    "sends_once", "numbers_differ", "refuses_a_number", "says_too_many", "does_not_send_twice",
    "does_not_wait_for_ever",
)  # fmt: skip
REAL_NAME_RULES = (
    "says_yes_to_what_is_so", "says_no_to_another_name", "says_that_it_does_not_know",
    "makes_no_verdict_of_nonsense", "does_not_wait_for_ever",
)  # fmt: skip
