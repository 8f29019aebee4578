"""The map of a dataset: circles on degrees, and the same as a table."""

from __future__ import annotations

import pytest

from tests.portal.conftest import Visitor
from tests.portal.live import LiveNode
from wushu.dataplane.selectors import Bounds, Spot, Spots
from wushu.portal import map_page


def found(*spots: Spot, bounds: Bounds) -> Spots:
    return Spots(spots, len(spots), sum(one.rows for one in spots), 0, bounds)


WIDE = found(
    Spot(100.0, 20.0, 9, ("甲", "乙")),
    Spot(120.0, 40.0, 1, ()),
    bounds=Bounds(100.0, 20.0, 120.0, 40.0),
)


def test_north_is_up_and_east_is_to_the_right():
    drawn = map_page.drawing(WIDE)
    assert drawn is not None
    south_west, north_east = drawn.circles
    assert float(south_west.x) < float(north_east.x)
    assert float(south_west.y) > float(north_east.y)


def test_every_circle_lies_within_the_drawing():
    for case in (
        WIDE,
        found(Spot(120.6, 31.3, 5, ()), bounds=Bounds(120.6, 31.3, 120.6, 31.3)),
        found(Spot(-180, -90, 1, ()), Spot(180, 90, 1, ()), bounds=Bounds(-180, -90, 180, 90)),
        found(Spot(10, 0, 1, ()), Spot(10, 80, 1, ()), bounds=Bounds(10, 0, 10, 80)),
    ):
        drawn = map_page.drawing(case)
        assert drawn is not None
        assert drawn.height <= map_page.WIDTH + 1
        for one in drawn.circles:
            assert float(one.x) - float(one.r) >= 0
            assert float(one.x) + float(one.r) <= map_page.WIDTH
            assert float(one.y) - float(one.r) >= 0
            assert float(one.y) + float(one.r) <= drawn.height


def test_the_area_of_a_circle_is_as_its_rows():
    drawn = map_page.drawing(WIDE)
    assert drawn is not None
    large, small = (float(one.r) for one in drawn.circles)
    assert large**2 / small**2 == pytest.approx(9, rel=0.05)


def test_the_lines_are_whole_steps_of_degrees_a_few_of_them():
    drawn = map_page.drawing(WIDE)
    assert drawn is not None
    assert drawn.step == "5"
    assert (len(drawn.meridians), len(drawn.parallels)) == (5, 5)


def test_no_place_is_no_drawing():
    assert map_page.drawing(Spots((), 0, 0, 3, None)) is None


def test_a_dataset_without_coordinates_says_what_a_map_needs(visitor: Visitor):
    answer = visitor.get("/datasets/stops/map")
    assert answer.status_code == 200
    assert "经度" in answer.text
    assert '<svg class="map"' not in answer.text
    assert 'href="/datasets/stops/map"' not in visitor.get("/datasets/stops/explore").text


def test_who_holds_no_grant_sees_no_map(known: dict[str, Visitor], node: LiveNode):
    page = known[""].get(f"/datasets/{node.scenes.datasets['taps']}/map").text
    assert "<form class" not in page
    assert "/sign-in?next=" in page
