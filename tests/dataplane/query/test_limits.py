"""The token bucket: bursts, refill, bounded memory."""

from __future__ import annotations

from wushu.dataplane import limits
from wushu.dataplane.limits import RateLimit


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_quarter_of_a_minutes_rate_may_come_at_once():
    limit = RateLimit(60, Clock())
    assert [limit.take("a") is None for _ in range(16)] == [True] * 15 + [False]


def test_it_refills_with_time_and_says_how_long():
    clock = Clock()
    limit = RateLimit(60, clock)
    for _ in range(15):
        limit.take("a")
    refusal = limit.take("a")
    assert refusal is not None
    assert refusal.name == "too-many-requests"
    assert refusal.facts["seconds"] == 1
    clock.now = 1.0
    assert limit.take("a") is None
    assert limit.take("a") is not None


def test_readers_do_not_use_up_each_others_rate():
    limit = RateLimit(4, Clock())
    assert limit.take("a") is None
    assert limit.take("a") is not None
    assert limit.take("b") is None


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(limits, "KEPT", 10)
    limit = RateLimit(4, Clock())
    for n in range(100):
        assert limit.take(str(n)) is None
    assert len(limit._buckets) == 10
    assert limit.take("99") is not None
