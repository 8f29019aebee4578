"""Points of a description in the metadata quality assessment of data.europa.eu (MQA), 405 at most.

Counted on the DCAT-AP graph itself, so that the points are those of what is published, not of what the
database knows. Source of indicators and points: https://data.europa.eu/mqa/methodology. What is said of
distributions must hold for every one of them, but that a form is non-proprietary and machine-readable:
there it is enough that the data can be had in one that is. A dataset without any distribution gets none of
those points.

Two indicators are not read off the graph. That the addresses answer is the node's own word: it
describes only what it serves. Of the shapes of DCAT-AP the mandatory properties are looked at here; that
the shapes themselves find no violation in what the writer writes is shown by the project's tests.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rdflib import Graph, URIRef
from rdflib.namespace import DCTERMS
from rdflib.term import Node as Term

from wushu.catalog.dcat.terms import DCAT
from wushu.catalog.types.quality import MOST, Assessment, Dimension, Indicator

_EU = "http://publications.europa.eu/resource/authority/"
_IANA = "https://www.iana.org/assignments/media-types/"
_NON_PROPRIETARY = frozenset(
    {"CSV", "JSON", "JSON_LD", "XML", "RDF_XML", "RDF_TURTLE", "GEOJSON", "TSV", "ODS"}
)
"""Of data.europa.eu's list (``edp-non-proprietary-format``) those a table may have; Parquet is not on it."""
_MACHINE_READABLE = _NON_PROPRIETARY | {"XLSX", "XLS"}


def assess(graph: Graph, dataset: URIRef) -> Assessment:
    """Ask every indicator of ``INDICATORS`` about the dataset."""
    described = _Description(graph, dataset)
    lost = tuple(one for one in INDICATORS if not _ANSWERS[one.name](described))
    return Assessment(MOST - sum(one.points for one in lost), lost)


class _Description:
    """A dataset's part of the graph."""

    def __init__(self, graph: Graph, dataset: URIRef) -> None:
        self.graph, self.dataset = graph, dataset
        self.distributions = list(graph.objects(dataset, DCAT.distribution))

    def has(self, predicate: URIRef) -> bool:
        return self._has(self.dataset, predicate)

    @property
    def mandatory_parts(self) -> bool:
        """Whether every distribution there is has what DCAT-AP demands of it."""
        return all(self._has(one, DCAT.accessURL) for one in self.distributions)

    def in_eu_list(self, predicate: URIRef, name: str) -> bool:
        values = list(self.graph.objects(self.dataset, predicate))
        return bool(values) and all(str(one).startswith(f"{_EU}{name}/") for one in values)

    def each(self, predicate: URIRef) -> bool:
        """Whether every distribution has the property."""
        return bool(self.distributions) and all(
            self._has(one, predicate) for one in self.distributions
        )

    def each_value(self, predicate: URIRef, fits: Callable[[str], bool]) -> bool:
        """Whether every distribution has the property and all its values fit."""
        return self.each(predicate) and all(
            fits(str(value))
            for one in self.distributions
            for value in self.graph.objects(one, predicate)
        )

    def formats_in(self, codes: frozenset[str]) -> bool:
        """Whether every distribution has a format, and one of them has one of these."""
        return self.each(DCTERMS.format) and any(
            str(value).rsplit("/", 1)[-1] in codes
            for one in self.distributions
            for value in self.graph.objects(one, DCTERMS.format)
        )

    def _has(self, subject: Term, predicate: URIRef) -> bool:
        return next(self.graph.objects(subject, predicate), None) is not None


def _in_list(name: str) -> Callable[[str], bool]:
    return lambda uri: uri.startswith(f"{_EU}{name}/")


_F, _A, _I, _R, _C = Dimension
_TABLE: Sequence[tuple[Indicator, Callable[[_Description], bool]]] = (
    (Indicator("keyword", _F, 30, "有关键词", "Keywords"), lambda d: d.has(DCAT.keyword)),
    (Indicator("theme", _F, 30, "有主题", "Theme"), lambda d: d.has(DCAT.theme)),
    (Indicator("spatial", _F, 20, "有空间范围", "Area"), lambda d: d.has(DCTERMS.spatial)),
    (Indicator("temporal", _F, 20, "有时间范围", "Period"), lambda d: d.has(DCTERMS.temporal)),
    (
        Indicator("access-url", _A, 50, "访问地址可用", "Access addresses answer"),
        lambda d: d.each(DCAT.accessURL),
    ),
    (
        Indicator("download-url", _A, 20, "有下载地址", "Download addresses"),
        lambda d: d.each(DCAT.downloadURL),
    ),
    (
        Indicator("download-answers", _A, 30, "下载地址可用", "Download addresses answer"),
        lambda d: d.each(DCAT.downloadURL),
    ),
    (Indicator("format", _I, 20, "有格式", "Formats"), lambda d: d.each(DCTERMS.format)),
    (
        Indicator("media-type", _I, 10, "有媒体类型", "Media types"),
        lambda d: d.each(DCAT.mediaType),
    ),
    (
        Indicator(
            "format-in-list", _I, 10, "格式和媒体类型来自词表", "Formats of the vocabularies"
        ),
        lambda d: (
            d.each_value(DCTERMS.format, _in_list("file-type"))
            and d.each_value(DCAT.mediaType, lambda uri: uri.startswith(_IANA))
        ),
    ),
    (
        Indicator("non-proprietary", _I, 20, "格式非专有", "Non-proprietary formats"),
        lambda d: d.formats_in(_NON_PROPRIETARY),
    ),
    (
        Indicator("machine-readable", _I, 20, "格式可机读", "Machine-readable formats"),
        lambda d: d.formats_in(_MACHINE_READABLE),
    ),
    (
        Indicator("shapes", _I, 30, "符合 DCAT-AP", "Conforms to DCAT-AP"),
        lambda d: d.has(DCTERMS.title) and d.has(DCTERMS.description) and d.mandatory_parts,
    ),
    (Indicator("licence", _R, 20, "有许可", "Licence"), lambda d: d.each(DCTERMS.license)),
    (
        Indicator("licence-in-list", _R, 10, "许可来自词表", "Licence of the vocabulary"),
        lambda d: d.each_value(DCTERMS.license, _in_list("licence")),
    ),
    (
        Indicator("access-rights", _R, 10, "有访问权限", "Access rights"),
        lambda d: d.has(DCTERMS.accessRights),
    ),
    (
        Indicator(
            "access-rights-in-list", _R, 5, "访问权限来自词表", "Access rights of the vocabulary"
        ),
        lambda d: d.in_eu_list(DCTERMS.accessRights, "access-right"),
    ),
    (
        Indicator("contact", _R, 20, "有联系方式", "Contact point"),
        lambda d: d.has(DCAT.contactPoint),
    ),
    (Indicator("publisher", _R, 10, "有发布单位", "Publisher"), lambda d: d.has(DCTERMS.publisher)),
    (Indicator("rights", _C, 5, "有权利说明", "Rights"), lambda d: d.each(DCTERMS.rights)),
    (Indicator("byte-size", _C, 5, "有文件大小", "File sizes"), lambda d: d.each(DCAT.byteSize)),
    (Indicator("issued", _C, 5, "有发布日期", "Day of issue"), lambda d: d.has(DCTERMS.issued)),
    (
        Indicator("modified", _C, 5, "有修改日期", "Day of change"),
        lambda d: d.has(DCTERMS.modified),
    ),
)
INDICATORS = tuple(indicator for indicator, _ in _TABLE)
_ANSWERS = {indicator.name: answer for indicator, answer in _TABLE}
