"""Browsers get pages, machines get what they ask for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wushu.catalog.selectors import negotiate

FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
RDFLIB = "text/turtle, application/rdf+xml;q=0.9, application/ld+json;q=0.8, */*;q=0.1"


@pytest.mark.parametrize(
    ("accept", "suffix"),
    [
        ("", None),
        ("*/*", None),
        (FIREFOX, None),
        (RDFLIB, "ttl"),
        ("text/turtle", "ttl"),
        ("application/ld+json", "jsonld"),
        ("APPLICATION/RDF+XML", "rdf"),
        ("text/turtle;q=0.5, text/html;q=0.4", "ttl"),
        ("text/turtle;q=0.4, text/html;q=0.5", None),
        ("text/turtle, text/html", None),
        ("text/turtle, */*", "ttl"),
        ("text/turtle;q=0", None),
        ("text/html;q=0, text/turtle;q=0.1", "ttl"),
        ("text/turtle;q=x", None),
        ("application/ld+json;profile=x;q=0.7, text/turtle;q=0.6", "jsonld"),
        ("application/json", None),
        (",;,", None),
    ],
)
def test_the_form_that_is_preferred_is_chosen(accept: str, suffix: str | None) -> None:
    assert negotiate(accept) == suffix


@given(st.text(max_size=200))
def test_every_header_is_answered(accept: str) -> None:
    assert negotiate(accept) in (None, "ttl", "jsonld", "rdf")
