"""XML, read by other people's software."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest

from tests.dataplane.query.formats.tables import EDGE_ROWS, cells
from wushu.dataplane.query.formats.xml import column_name, element_name


def as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_xml_reads_back_as_the_table(client, public):
    answer = client.get("/data/streets.xml")
    assert answer.headers["content-type"] == "application/xml"
    root = ElementTree.fromstring(answer.content)
    assert root.get("manifest-sha256") == public.version.manifest_sha256
    wanted = [
        {name: as_text(value) for name, value in row.items() if value is not None}
        for row in public.json
    ]
    assert [cells(row) for row in root] == wanted


def test_xml_keeps_every_character_of_every_text(client, edges):
    root = ElementTree.fromstring(client.get("/data/edges.xml").content)
    texts = [cells(row).get("区 名/1") for row in root]
    assert texts == [row[0] for row in EDGE_ROWS]
    assert list(root[len(root) - 1]) == []


@pytest.mark.parametrize(
    ("column", "element"),
    [
        ("code", "code"),
        ("区名", "区名"),
        ("区 名", "区_x0020_名"),
        ("1st", "_x0031_st"),
        ("xmlns", "_x0078_mlns"),
        ("a:b", "a_x003A_b"),
        ("_x0041_", "_x005F_x0041_"),
        ("", "_x0000_"),
        ("a<b>&", "a_x003C_b_x003E__x0026_"),
    ],
)
def test_names_of_columns_become_names_of_elements_and_come_back(column, element):
    assert element_name(column) == element
    assert column_name(element) == column
    ElementTree.fromstring(f"<{element}/>")
