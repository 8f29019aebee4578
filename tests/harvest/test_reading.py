"""The readers, on what catalogues truly answer and on what an attacker would."""

from __future__ import annotations

import json
from typing import Any

import pytest

from wushu.harvest.reading import Address, Deleted, Unread, read_ckan, read_dcat, read_oai
from wushu.harvest.types import Description
from wushu.kernel.errors import Refusal
from wushu.kernel.outgoing.client import Answer

BASE = "https://data.example"


class Web:
    """Addresses and what they answer; what is not there answers 404."""

    def __init__(self, pages: dict[str, Any], kind: str = "text/turtle", **headers: str) -> None:
        self.pages, self.kind, self.headers = pages, kind, headers
        self.asked: list[str] = []

    def __call__(self, url: str, accept: str) -> Answer:
        self.asked.append(url)
        body = self.pages.get(url)
        if callable(body):
            body = body(url)
        if body is None:
            return Answer(url, 404, {}, b"")
        if not isinstance(body, bytes):
            body = json.dumps(body).encode() if not isinstance(body, str) else body.encode()
        return Answer(url, 200, {"content-type": self.kind, **self.headers}, body)


def why(ask: Any) -> tuple[str, str]:
    with pytest.raises(Refusal) as refused:
        list(ask())
    return refused.value.name, refused.value.sentence("en")


# CKAN, as the installations of data.gov, data.gov.uk and CKAN 1 answer


def ckan(*packages: Any, **more: Any) -> list[Any]:
    def page(url: str) -> Any:
        start = int(url.partition("start=")[2].partition("&")[0])
        result = {"count": len(packages), "results": list(packages[start : start + 100])} | more
        return {"success": True, "result": result}

    class Searched(dict[str, Any]):
        def get(self, url: str, default: Any = None) -> Any:
            return page(url)

    return list(read_ckan(Address(BASE), Web(Searched())))


def test_ckans_oddities_are_read() -> None:
    (one,) = ckan(
        {
            "id": "1f", "name": "bus-lines", "title": "  Bus\nlines ", "notes": None,
            "organization": None, "author": "Transport", "license_id": "notspecified",
            "license_title": None, "tags": ["bus", {"name": "line"}, {"name": "bus"}, None, 7],
            "extras": {"guid": "urn:x:1", "spatial": {"type": "Polygon"}},
            "resources": [
                {"name": "no address", "url": "", "format": "CSV"},
                {"name": None, "description": "", "url": "ftp://data.example/a", "format": "SHP"},
                {"name": "deleted", "url": "https://x.example/a", "state": "deleted"},
                {"url": "https://data.example/b.csv", "format": None, "mimetype": "text/csv"},
                {"url": None}, "nonsense", None,
            ],
        }
    )  # fmt: skip
    assert isinstance(one, Description)
    assert (one.title, one.description, one.publisher) == ("Bus lines", "", "Transport")
    assert one.licence == ""
    assert one.keywords == ("bus", "line", "7")
    assert one.page == f"{BASE}/dataset/bus-lines"
    assert one.other_ids == ("urn:x:1", f"{BASE}/dataset/bus-lines")
    assert [(file.title, file.url, file.format) for file in one.files] == [
        ("no address", "", "CSV"), ("SHP", "", "SHP"),
        ("text/csv", "https://data.example/b.csv", "text/csv"),
    ]  # fmt: skip


def test_fluent_translations_and_dcats_publisher_are_read() -> None:
    (one,) = ckan(
        {
            "id": "1", "title": "x", "title_translated": {"en": "Bus", "zh_Hans_CN": "公交"},
            "notes_translated": {"en": "Lines"}, "organization": {"title": "Org"},
            "extras": [{"key": "publisher_name", "value": "交通局"}, {"key": None}, 3],
        }
    )  # fmt: skip
    assert (one.title, one.title_en, one.description_en) == ("公交", "Bus", "Lines")
    assert one.publisher == "交通局"


def test_what_ckan_does_not_show_to_everybody_is_not_taken() -> None:
    assert ckan(
        {"id": "1", "title": "a", "private": True}, {"id": "2", "title": "b", "state": "deleted"},
        {"id": "3", "title": "c", "type": "harvest"}, "nonsense",
    ) == []  # fmt: skip


def test_a_record_that_says_too_little_is_told_and_not_taken() -> None:
    found = ckan({"title": "a"}, {"id": "x" * 501, "title": "b"}, {"id": "3", "title": ""})
    assert [type(one) for one in found] == [Unread, Unread, Unread]


def test_a_server_that_gives_fewer_rows_than_asked_for_is_read_to_its_end() -> None:
    packages = [{"id": f"{n:03}", "title": "t"} for n in range(25)]

    def page(url: str) -> Any:
        start = int(url.partition("start=")[2].partition("&")[0])
        return {"success": True, "result": {"count": 25, "results": packages[start : start + 10]}}

    class Searched(dict[str, Any]):
        def get(self, url: str, default: Any = None) -> Any:
            return page(url)

    web = Web(Searched())
    assert len(list(read_ckan(Address(BASE), web))) == 25
    assert len(web.asked) == 3


# DCAT

PREFIXES = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix adms: <http://www.w3.org/ns/adms#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix hydra: <http://www.w3.org/ns/hydra/core#> .
"""
LINES = (
    PREFIXES
    + """
<https://data.example/id/1> a dcat:Dataset ; dct:title "Lignes"@fr, "公交线路"@zh-Hans, "Lines"@en ;
  dct:description "线路"@zh ; dct:identifier "urn:x:1" ; dcat:keyword "bus", "公交"@zh ;
  adms:identifier [ skos:notation "doi:10.1/x" ] ; dcat:landingPage <https://data.example/lines> ;
  dct:publisher [ foaf:name "交通局"@zh, "Transport"@en ] ;
  dct:issued "2026-01-01" ; dct:license <https://creativecommons.org/licenses/by/4.0/> ;
  dcat:distribution [ dct:title "表" ; dcat:downloadURL <https://data.example/1.csv> ;
    dcat:mediaType <https://www.iana.org/assignments/media-types/text/csv> ] ,
    [ dcat:accessURL <javascript:alert(1)> ;
      dct:format <http://publications.europa.eu/resource/authority/file-type/JSON> ] .
"""
)
CATALOG = f"{BASE}/catalog.ttl"


def test_a_dataset_of_dcat_is_read() -> None:
    (one,) = read_dcat(Address(CATALOG), Web({CATALOG: LINES}))
    assert isinstance(one, Description)
    assert one.identifier == "https://data.example/id/1"
    assert (one.title, one.title_en, one.description) == ("公交线路", "Lines", "线路")
    assert (one.publisher, one.issued) == ("交通局", "2026-01-01")
    assert one.page == "https://data.example/lines"
    assert set(one.other_ids) == {
        "https://data.example/id/1", "urn:x:1", "doi:10.1/x", "https://data.example/lines",
    }  # fmt: skip
    assert {(f.title, f.url, f.format) for f in one.files} == {
        ("表", "https://data.example/1.csv", "text/csv"), ("JSON", "", "JSON"),
    }  # fmt: skip


@pytest.mark.parametrize("said", ["http", "hydra"])
def test_pages_are_followed_on_the_same_server(said: str) -> None:
    second = f"{BASE}/catalog.ttl?page=2"
    first = PREFIXES + "<https://data.example/id/0> a dcat:Dataset ; dct:title 'x' ."
    headers = {}
    if said == "hydra":
        first += "<#v> hydra:next </catalog.ttl?page=2> ."
    else:
        headers = {"link": f'</about>; rel="about", <{second}>; rel="next"'}
    pages = {CATALOG: first, second: LINES}
    web = Web(pages)
    web.headers = headers

    def fetch(url: str, accept: str) -> Answer:
        answer = web(url, accept)
        web.headers = {}
        return answer

    assert len(list(read_dcat(Address(CATALOG), fetch))) == 2


@pytest.mark.parametrize(
    "to",
    ["https://other.example/2", "http://169.254.169.254/", "//other.example/", "file:///etc/x"],
)
def test_pages_elsewhere_are_not_followed(to: str) -> None:
    web = Web({CATALOG: PREFIXES + f"<#v> a dcat:Catalog ; hydra:next <{to}> ."})
    assert why(lambda: read_dcat(Address(CATALOG), web))[0] == "harvest-answer-wrong"
    assert web.asked == [CATALOG]


def test_pages_that_lead_in_a_circle_are_left() -> None:
    web = Web({CATALOG: PREFIXES + f"<#v> a dcat:Catalog ; hydra:next <{CATALOG}> ."})
    assert "back" in why(lambda: read_dcat(Address(CATALOG), web))[1]


def test_pages_that_give_less_than_they_say_are_not_believed() -> None:
    second = f"{BASE}/2"
    web = Web({
        CATALOG: LINES + f"<#v> hydra:next <{second}> ; hydra:totalItems 3 .",
        second: PREFIXES + "<#c> a dcat:Catalog .",
    })  # fmt: skip
    assert why(lambda: read_dcat(Address(CATALOG), web))[0] == "harvest-incomplete"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/turtle", "this is no turtle <<<"),
        ("text/turtle", "<a> <b> <c> ."),
        ("text/turtle", "(" * 5_000),
        ("text/html", "<html></html>"),
        ("application/ld+json", "{"),
        ("application/ld+json", "[" * 50_000),
        ("application/ld+json", '{"@id": 7, "@type": {"a": 1}}'),
        ("application/rdf+xml", "<rdf"),
        ("application/rdf+xml", "<a>" * 5_000),
        ("application/rdf+xml", "<html/>"),
    ],
    ids=range(10),
)
def test_what_is_no_catalogue_is_said_so(kind: str, body: str) -> None:
    url = f"{BASE}/catalog"
    name, _ = why(lambda: read_dcat(Address(url), Web({url: body}, kind)))
    assert name == "harvest-answer-wrong"


@pytest.mark.parametrize(
    "context",
    [
        '"http://127.0.0.1:9/context"',
        '["http://127.0.0.1:9/context"]',
        '{"dcat": "http://www.w3.org/ns/dcat#", "@import": "http://127.0.0.1:9/c"}',
        '{"t": {"@id": "urn:t", "@context": "http://127.0.0.1:9/c"}}',
    ],
    ids=range(4),
)
def test_a_context_elsewhere_is_never_fetched(
    context: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr("urllib.request.OpenerDirector.open", lambda *a, **k: asked.append(a))
    url = f"{BASE}/catalog.jsonld"
    body = f'{{"@context": {context}, "@graph": [{{"@id": "urn:x", "@type": "dcat:Catalog"}}]}}'
    web = Web({url: body}, "application/ld+json")
    assert "context" in why(lambda: read_dcat(Address(url), web))[1]
    assert asked == []


BILLION = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><x>&c;</x>'
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'


@pytest.mark.parametrize(
    "body", [BILLION, OUTSIDE, '<!DOCTYPE x SYSTEM "http://x/y.dtd"><x/>'], ids=range(3)
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_with_a_document_type_is_refused(body: str, encoding: str) -> None:
    bytes_ = body.encode(encoding)
    rdf, oai = f"{BASE}/catalog.rdf", f"{BASE}/oai"
    for ask in (
        lambda: read_dcat(Address(rdf), Web({rdf: bytes_}, "application/rdf+xml")),
        lambda: read_oai(
            Address(oai, "oai_dc"),
            Web({f"{oai}?verb=ListRecords&metadataPrefix=oai_dc": bytes_}, "text/xml"),
        ),
    ):
        assert "document type" in why(ask)[1]


# OAI-PMH

OAI = f"{BASE}/oai"
FIRST = f"{OAI}?verb=ListRecords&metadataPrefix=oai_dc"


def envelope(inner: str) -> str:
    return f'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">{inner}</OAI-PMH>'


def record(identifier: str, title: str = "公交", more: str = "", status: str = "") -> str:
    if status:
        return f'<record><header status="deleted"><identifier>{identifier}</identifier></header></record>'
    return (
        f"<record><header><identifier>{identifier}</identifier></header><metadata>"
        '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title xml:lang="zh">{title}</dc:title>'
        f'<dc:title xml:lang="en">Bus</dc:title>{more}</oai_dc:dc></metadata></record>'
    )


def test_resumption_tokens_and_deleted_records_are_read() -> None:
    more = "<dc:identifier>https://data.example/1</dc:identifier><dc:rights>CC BY</dc:rights>"
    web = Web({
        FIRST: envelope("<ListRecords>" + record("oai:x:1", more=more) + record("oai:x:2", status="d")
                        + '<resumptionToken completeListSize="3">a&amp;b</resumptionToken></ListRecords>'),
        f"{OAI}?verb=ListRecords&resumptionToken=a%26b":
            envelope("<ListRecords>" + record("oai:x:3") + "<resumptionToken/></ListRecords>"),
    }, "text/xml")  # fmt: skip
    one, two, three = read_oai(Address(OAI, "oai_dc"), web)
    assert isinstance(one, Description)
    assert (one.title, one.title_en, one.page) == ("公交", "Bus", "https://data.example/1")
    assert one.licence == "CC BY"
    assert two == Deleted("oai:x:2")
    assert isinstance(three, Description)


def test_a_set_and_the_richest_format_are_asked_for() -> None:
    formats = "".join(
        f"<metadataFormat><metadataPrefix>{one}</metadataPrefix></metadataFormat>"
        for one in ("oai_dc", "dcat_ap")
    )
    web = Web({
        f"{OAI}?verb=ListMetadataFormats": envelope(f"<ListMetadataFormats>{formats}</ListMetadataFormats>"),
        f"{OAI}?verb=ListRecords&metadataPrefix=dcat_ap&set=theme%3ATRAN":
            envelope('<error code="noRecordsMatch"/>'),
    }, "text/xml")  # fmt: skip
    assert list(read_oai(Address(OAI, set="theme:TRAN"), web)) == []


@pytest.mark.parametrize(
    "body",
    [
        envelope('<error code="badArgument">no</error>'),
        envelope(""),
        "<html/>",
        "plain",
        envelope("<ListRecords>" + record("1" * 20) + '<resumptionToken completeListSize="9"/></ListRecords>'),
    ],
    ids=range(5),
)  # fmt: skip
def test_an_answer_that_is_no_whole_list_is_refused(body: str) -> None:
    name, _ = why(lambda: read_oai(Address(OAI, "oai_dc"), Web({FIRST: body}, "text/xml")))
    assert name in ("harvest-answer-wrong", "harvest-incomplete")


def test_a_token_that_comes_again_ends_the_run() -> None:
    page = envelope(
        "<ListRecords>" + record("oai:1") + "<resumptionToken>t</resumptionToken></ListRecords>"
    )
    web = Web({FIRST: page, f"{OAI}?verb=ListRecords&resumptionToken=t": page}, "text/xml")
    assert "token" in why(lambda: read_oai(Address(OAI, "oai_dc"), web))[1]


def test_texts_lose_what_cannot_be_kept_and_addresses_what_is_no_link() -> None:
    (one,) = ckan(
        {
            "id": "1", "title": "公\u202e交\x00线\ud800路", "notes": "一\r\n二\x1b[31m",
            "url": "javascript:alert(1)",
            "resources": [
                {"name": name, "url": url}
                for name, url in (
                    ("a", "javascript:alert(1)"), ("b", " https://x.example/a"), ("c", "data:text/html,x"),
                    ("d", 'https://x.example/"onclick=1'), ("e", "https://u:p@x.example/"),
                    ("f", "//x.example/a"), ("g", "HTTPS://x.example/数据"),
                )
            ],
        }
    )  # fmt: skip
    assert one.title == "公交线路"
    assert one.description == "一\n二[31m"
    assert {file.title: file.url for file in one.files} == {
        "a": "", "b": "https://x.example/a", "c": "", "d": "", "e": "", "f": "",
        "g": "HTTPS://x.example/数据",
    }  # fmt: skip
