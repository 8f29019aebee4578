"""From the button on a page to the mail and the webhook: pages, worker and receivers as they run."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.opening.conftest import Receiver, _Inbox, inbox, receiver
from tests.portal.conftest import Visitor
from tests.portal.live import live_node

__all__ = ["inbox", "receiver"]
pytestmark = pytest.mark.slow
SECONDS = 60.0


def until(true: Callable[[], Any], what: str) -> Any:
    """Wait for something another process does."""
    ended = threading.Event()
    for _ in range(int(SECONDS / 0.2)):
        found = true()
        if found:
            return found
        ended.wait(0.2)
    raise AssertionError(f"not within {SECONDS:.0f} s: {what}")


@pytest.mark.once
def test_a_citizen_is_told_by_mail_and_webhook_that_a_dataset_was_sealed(
    tmp_path: Path, inbox: _Inbox, receiver: Receiver, settings: Any
):
    port = receiver.url.split(":")[2].split("/")[0]
    with live_node(
        tmp_path,
        WUSHU_SMTP_PORT=str(settings.EMAIL_PORT), WUSHU_SMTP_TLS="none", WUSHU_WEBHOOK_HTTP="1",
        WUSHU_OUTGOING_ALLOWED="127.0.0.0/8", WUSHU_OUTGOING_PORTS=f"443,{port}",
    ) as node, node.worker(), Visitor(node) as analyst, Visitor(node) as clerk:  # fmt: skip
        analyst.sign_in("analyst")
        clerk.sign_in("clerk")
        slug = node.scenes.datasets["taps"]
        follow = f"/account/subscriptions/new?what=dataset&slug={slug}"
        shown = analyst.send_form(follow, {"channel": "webhook", "address": receiver.url})
        secret = re.search(r"whsec_[A-Za-z0-9+/=]+", shown.text)
        assert secret is not None
        analyst.send_form(follow, {"channel": "mail", "address": "feng@mail.example"})

        asked = until(lambda: _to(inbox, "feng@mail.example"), "the mail that asks")
        link = re.search(rf"{node.url}(/subscriptions/confirm/\S+)", asked[0].get_content())
        assert link is not None
        assert "已确认" in analyst.send_form(link[1], {}).text
        page = "/account/subscriptions"
        until(lambda: analyst.get(page).text.count('"state done"') == 2, "both addresses agree")

        why = {"reason": "有人主张侵权，正在核实", "basis": "细则第十二条"}
        assert clerk.send_form(f"/desk/datasets/{slug}/opening/seal", why).status_code == 302

        (said,) = until(lambda: receiver.checked(secret[0]), "the webhook")
        assert (said["type"], said["data"]["dataset"]["slug"]) == ("dataset.sealed", slug)
        told = until(lambda: _to(inbox, "feng@mail.example")[1:], "the mail that tells")
        assert "已封存 / sealed" in told[0]["Subject"]
        entry = analyst.get(said["data"]["evidence"].removeprefix(node.url))
        assert "catalog.entry.sealed" in entry.text


def _to(inbox: _Inbox, address: str) -> list[Any]:
    return [mail for mail in inbox.mails if mail["To"] == address]
