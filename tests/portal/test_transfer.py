"""Somebody leaves: the page shows what would be handed over, then hands it over."""

from __future__ import annotations

from tests.portal.conftest import Visitor
from tests.portal.live import LiveNode

_WHO = {"leaver": "careful", "successor": "clerk", "reason": "调离"}


def test_what_would_be_handed_over_is_shown_first_and_changes_nothing(
    known: dict[str, Visitor], node: LiveNode
):
    fields = {**_WHO, "organisation": node.scenes.code}
    page = known["reviewer"].send_form("/desk/transfer", {**fields, "check": "1"})
    assert page.status_code == 200
    assert "将移交的工作" in page.text
    again = known["reviewer"].send_form("/desk/transfer", {**fields, "check": "1"})
    assert again.status_code == 200


def test_clerks_and_the_public_hand_over_nobody(known: dict[str, Visitor]):
    assert known["clerk"].get("/desk/transfer").status_code == 403
    assert known[""].get("/desk/transfer").status_code == 302
