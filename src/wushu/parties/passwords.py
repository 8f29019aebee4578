"""Password hashes: made and compared without writing anything, at the same cost for everybody."""

from __future__ import annotations

import threading
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.hashers import is_password_usable, make_password, verify_password
from django.utils.crypto import get_random_string

from wushu.parties import rules

AT_ONCE = 2
"""Argon2 runs at a time in this process; each takes 100 MB, and strangers ask for them."""

_turns = threading.BoundedSemaphore(AT_ONCE)


class Comparison(NamedTuple):
    """Whether the password was right, and whether its hash uses an outdated cost."""

    correct: bool
    outdated: bool


def hashed(password: str | None) -> str:
    """The hash to store; None makes an account nobody can sign in to."""
    with _turns:
        return make_password(None if password is None else rules.password_text(password))


def matches(password: str, encoded: str) -> Comparison:
    """Compare with a stored hash, or with an empty one for a username nobody has.

    One Argon2 run either way, so that the time of the answer does not tell who has an account; who
    comes when ``AT_ONCE`` are running waits.
    """
    # Always asked for, so that its first making tells nothing either.
    with _turns:
        decoy = _decoy(tuple(settings.PASSWORD_HASHERS))
    real = is_password_usable(encoded) and encoded != ""
    text = rules.password_text(password)
    if len(text) > rules.PASSWORD_MAX_CHARACTERS:
        text, real = "", False
    with _turns:
        correct, outdated = verify_password(text, encoded if real else decoy)
    return Comparison(bool(correct and real), outdated)


@cache
def _decoy(hashers: tuple[str, ...]) -> str:
    """A hash nobody has the password of, made once at the cost of the present ``hashers``."""
    return make_password(get_random_string(32))
