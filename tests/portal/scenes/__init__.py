"""One small node with every standing a page can show, made through the real services.

Run as a program it fills the node of ``WUSHU_HOME`` and prints where each scene stands, as JSON.
What stands here needs no Django, so that tests can name scenes before it is set up.
"""

from __future__ import annotations

from dataclasses import dataclass, field

PASSWORD = "paper-ink-and-a-seal"
HOSTILE = "<script>window.taken=1</script>\"'><img src=x onerror=window.taken=1>{{ 7|add:7 }}"


@dataclass
class Scenes:
    """Addresses of what was made: slugs, and ids as text."""

    code: str = ""
    datasets: dict[str, str] = field(default_factory=dict)
    loads: dict[str, str] = field(default_factory=dict)
    revisions: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    grants: dict[str, str] = field(default_factory=dict)
    subscriptions: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    incidents: dict[str, str] = field(default_factory=dict)
    cases: dict[str, str] = field(default_factory=dict)
    plans: dict[str, str] = field(default_factory=dict)
    needs: dict[str, str] = field(default_factory=dict)
    computations: dict[str, str] = field(default_factory=dict)
    contests: dict[str, str] = field(default_factory=dict)
    results: dict[str, str] = field(default_factory=dict)
    records: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
