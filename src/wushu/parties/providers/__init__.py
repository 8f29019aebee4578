"""What others do for the node: text messages, and saying whether somebody is who they claim to be.

Two seams. ``config`` binds what the settings name; without it every call is refused by name, so that
nothing is ever taken for verified or sent that was not. Whoever writes an adapter for a provider runs
``providers.contract`` on it. Neither seam keeps anything: what is claimed passes through.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from wushu.kernel.errors import Language
from wushu.parties.providers.refusals import REAL_NAME_NOT_CONFIGURED, SMS_NOT_CONFIGURED

T = TypeVar("T")


class Verdict(StrEnum):
    """What a provider says of a claim."""

    MATCHES = "matches"
    DIFFERS = "differs"
    """The provider knows the number, and the rest is not its holder's."""
    UNKNOWN = "unknown"
    """The provider has no record: neither a yes nor a no."""


@dataclass(frozen=True, slots=True)
class PersonClaim:
    """Who somebody says they are. Its text shows nothing of it."""

    name: str = field(repr=False)
    identity_number: str = field(repr=False)
    """Citizen identification number (GB 11643), check digit verified by the caller."""


@dataclass(frozen=True, slots=True)
class EnterpriseClaim:
    """For which enterprise somebody says they act."""

    name: str
    credit_code: str
    """Unified social credit code (GB 32100), check character verified by the caller."""
    representative: str = field(default="", repr=False)
    """Its legal representative; empty: not claimed."""


@dataclass(frozen=True, slots=True)
class Verified:
    """A verdict, and by which number the provider finds it again."""

    verdict: Verdict
    reference: str


class SmsProvider(Protocol):
    """Sends text messages."""

    def send_code(self, *, phone: str, code: str, minutes: int, language: Language) -> str:
        """Send a code that ends in so many minutes; the provider's number for the message.

        ``phone`` as of E.164 (``+8613…``). Sent once or not: no second try when it is not known whether
        the first arrived. Neither phone nor code gets into a log or an error. Back within
        ``contract.SECONDS``. Refusals: ``sms-number-refused``, ``sms-too-many``, ``sms-unavailable``.
        """


class RealNameProvider(Protocol):
    """Asks who keeps the records: of people, of enterprises."""

    def verify_person(self, claim: PersonClaim) -> Verified:
        """Whether name and number are one person's.

        What is claimed gets into no log and no error. Refusal: ``real-name-unavailable``: nothing is
        ever guessed.
        """

    def verify_enterprise(self, claim: EnterpriseClaim) -> Verified:
        """Whether name, code and (where claimed) representative are one enterprise's; as above."""


class NoSms:
    """No provider is set up: nothing is sent, and nobody is told that it was."""

    def send_code(self, *, phone: str, code: str, minutes: int, language: Language) -> str:
        """Refusal ``sms-not-configured``."""
        raise SMS_NOT_CONFIGURED()


class NoRealName:
    """No provider is set up: nobody is verified."""

    def verify_person(self, claim: PersonClaim) -> Verified:
        """Refusal ``real-name-not-configured``."""
        raise REAL_NAME_NOT_CONFIGURED()

    def verify_enterprise(self, claim: EnterpriseClaim) -> Verified:
        """Refusal ``real-name-not-configured``."""
        raise REAL_NAME_NOT_CONFIGURED()


class Seam(Generic[T]):
    """A place that the wiring fills; asked anew at each use."""

    def __init__(self, nothing: Callable[[], T]) -> None:
        self._factory = nothing

    def bind(self, factory: Callable[[], T]) -> None:
        """Called once, when the program starts."""
        self._factory = factory

    def __call__(self) -> T:
        """The provider, or the one that refuses."""
        return self._factory()


sms: Seam[SmsProvider] = Seam(NoSms)
real_name: Seam[RealNameProvider] = Seam(NoRealName)
