"""Password hashes cost memory: how many are made at once does not depend on who asks."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from wushu.parties import passwords


def test_no_more_hashes_run_at_once_than_are_allowed(monkeypatch):
    """Each Argon2 run takes 100 MB; strangers may ask for any number of them."""
    passwords.matches("warm up", "")
    running, most = 0, 0
    counting, full = threading.Lock(), threading.Barrier(passwords.AT_ONCE)

    def verify(password: str, encoded: str) -> tuple[bool, bool]:
        nonlocal running, most
        with counting:
            running += 1
            most = max(most, running)
        full.wait(timeout=30)  # so many do run together
        with counting:
            running -= 1
        return False, False

    monkeypatch.setattr(passwords, "verify_password", verify)
    with ThreadPoolExecutor(6 * passwords.AT_ONCE) as pool:
        list(pool.map(lambda _: passwords.matches("guess", ""), range(6 * passwords.AT_ONCE)))
    assert most == passwords.AT_ONCE
