"""Which form of a description a client asks for (RFC 9110, section 12.5.1)."""

from __future__ import annotations

SUFFIXES = {
    "text/turtle": "ttl",
    "application/x-turtle": "ttl",
    "application/ld+json": "jsonld",
    "application/rdf+xml": "rdf",
}
"""Media types of RDF and the suffix of the address that gives them."""

MEDIA_TYPES = {"ttl": "text/turtle", "jsonld": "application/ld+json", "rdf": "application/rdf+xml"}
_PAGE = ("text/html", "application/xhtml+xml")
_LIMIT = 64


def negotiate(accept: str) -> str | None:
    """The suffix (``ttl``, ``jsonld``, ``rdf``) an ``Accept`` header prefers, or None for the page.

    The page wins ties and wildcards, so that browsers never get RDF.
    """
    wanted = [_preference(part) for part in accept.split(",")[:_LIMIT]]
    page = max((q for name, q in wanted if name in _PAGE), default=None)
    if page is None:
        page = max((q for name, q in wanted if name in ("text/*", "*/*")), default=0.0)
    rdf = [(q, SUFFIXES[name]) for name, q in wanted if name in SUFFIXES and q > 0]
    best = max(rdf, key=lambda one: one[0], default=None)
    if best is None or best[0] < page or (best[0] == page and _names_page(wanted)):
        return None
    return best[1]


def _names_page(wanted: list[tuple[str, float]]) -> bool:
    return any(name in _PAGE for name, q in wanted if q > 0)


def _preference(part: str) -> tuple[str, float]:
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            try:
                return name, min(max(float(value), 0.0), 1.0)
            except ValueError:
                return name, 0.0
    return name, 1.0
