"""The page of a body says where it stands."""

from __future__ import annotations

from tests.portal.conftest import Visitor
from tests.portal.live import LiveNode

FIRM = "91329900DEM001017E"


def test_a_body_names_who_is_under_it_and_who_is_above(visitor: Visitor, node: LiveNode):
    above = visitor.get(f"/bodies/{node.scenes.code}").text
    assert "下级单位" in above
    assert f'<a href="/bodies/{FIRM}">示例出行公司</a>' in above
    assert "上级单位" not in above
    below = visitor.get(f"/en/bodies/{FIRM}").text
    assert "Body above" in below
    assert f'<a href="/en/bodies/{node.scenes.code}">Transport Bureau</a>' in below
