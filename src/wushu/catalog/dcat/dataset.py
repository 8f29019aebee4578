"""One dataset in DCAT-AP: what it is, who answers for it, where its data are.

Nothing is said that the catalogue does not know: an unknown licence is left out, and so is the size
of a file that was not measured yet.
"""

from __future__ import annotations

from rdflib import BNode, Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF, PROV, RDFS, SKOS, XSD
from rdflib.term import Node as Term

from wushu.catalog import vocabulary
from wushu.catalog.dcat.terms import ADMS, DCAT, DCATAP, SPDX, Writer, day, keywords, moment
from wushu.catalog.files import usual
from wushu.catalog.forms import forms_of
from wushu.catalog.rules import ATTRIBUTE_WORDS
from wushu.catalog.types import Attribute, EntryView, FileFacts, Form, RevisionView, VersionView
from wushu.kernel.identifiers import oid_of_uuid
from wushu.parties.types import OrganisationView

_OPENAPI = URIRef("https://spec.openapis.org/oas/v3.1.0")
# SPDX writes http; the profile's shape of controlled vocabularies demands https.
_SHA256 = URIRef("https://spdx.org/rdf/terms#checksumAlgorithm_sha256")
_ACCESS_RIGHTS = {
    Attribute.UNCONDITIONAL: "PUBLIC",
    Attribute.CONDITIONAL: "RESTRICTED",
    Attribute.NONE: "NON_PUBLIC",
}


def dataset_into(writer: Writer, entry: EntryView, body: OrganisationView) -> URIRef:
    """Describe a listed entry; its permanent address. ``ValueError`` for one that shows nothing."""
    if entry.revision is None:
        raise ValueError(f"{entry.slug} shows no revision")
    return _Dataset(writer, entry, entry.revision, body).describe()


class _Dataset:
    """One description in the making."""

    def __init__(
        self, writer: Writer, entry: EntryView, revision: RevisionView, body: OrganisationView
    ) -> None:
        self.w, self.entry, self.body = writer, entry, body
        self.revision, self.metadata, self.version = revision, revision.metadata, revision.version
        self.uri = writer.id(entry.id)
        self.page = writer.document(writer.url(f"/datasets/{entry.slug}"))
        self.publisher = writer.agent(body)
        self.contact = self._contact()
        self.theme = writer.concept(vocabulary.themes(), self.metadata.theme)
        self.access = writer.concept(
            vocabulary.vocabulary("access-right"),
            _ACCESS_RIGHTS[self.metadata.attribute],
            DCTERMS.RightsStatement,
        )
        self.licence = writer.licence(self.metadata.licence)
        self.rights = self._rights()

    def describe(self) -> URIRef:
        self._identity()
        self._content()
        self._coverage()
        self._origin()
        if self.version is not None:
            for form in forms_of(self.revision):
                if form.listed:
                    self._distribution(form, self.version)
        return self.uri

    def _identity(self) -> None:
        w = self.w
        w.typed(self.uri, DCAT.Dataset, DCAT.Resource)
        w.add(self.uri, DCTERMS.identifier, Literal(str(self.uri)))
        other = w.typed(BNode(), ADMS.Identifier)
        oid = f"urn:oid:{oid_of_uuid(self.entry.id)}"
        w.add(other, SKOS.notation, Literal(oid, datatype=XSD.anyURI))
        w.add(self.uri, ADMS.identifier, other)
        w.add(self.uri, DCAT.landingPage, self.page)
        w.add(self.uri, DCTERMS.issued, moment(self.entry.listed_at))
        w.add(self.uri, DCTERMS.modified, moment(self.entry.changed_at))
        w.add(self.uri, DCTERMS.publisher, self.publisher)
        w.add(self.uri, DCAT.contactPoint, self.contact)

    def _content(self) -> None:
        w, m = self.w, self.metadata
        w.say(self.uri, DCTERMS.title, m.title_zh, m.title_en)
        w.say(self.uri, DCTERMS.description, m.description_zh, m.description_en)
        w.add(self.uri, DCAT.keyword, *keywords(m.keywords))
        w.add(self.uri, DCAT.theme, self.theme)
        w.add(self.uri, DCTERMS.language, w.language("ZHO"))
        if m.title_en and m.description_en:
            w.add(self.uri, DCTERMS.language, w.language("ENG"))
        w.add(self.uri, DCTERMS.accessRights, self.access)
        w.add(self.uri, DCTERMS.rights, self.rights)

    def _coverage(self) -> None:
        w, m = self.w, self.metadata
        w.add(self.uri, DCTERMS.spatial, w.place(m.spatial))
        frequency = w.concept(vocabulary.frequencies(), m.update_cycle, DCTERMS.Frequency)
        w.add(self.uri, DCTERMS.accrualPeriodicity, frequency)
        if m.temporal_start is not None or m.temporal_end is not None:
            period = w.typed(BNode(), DCTERMS.PeriodOfTime)
            w.add(period, DCAT.startDate, day(m.temporal_start))
            w.add(period, DCAT.endDate, day(m.temporal_end))
            w.add(self.uri, DCTERMS.temporal, period)

    def _origin(self) -> None:
        w, m = self.w, self.metadata
        if m.source_note or m.synthetic:
            statement = w.typed(BNode(), DCTERMS.ProvenanceStatement)
            zh, en = ("合成数据。", "Synthetic data.") if m.synthetic else ("", "")
            w.say(statement, RDFS.label, f"{zh}{m.source_note}", en)
            w.add(self.uri, DCTERMS.provenance, statement)
        if m.source_url:
            w.add(self.uri, PROV.wasDerivedFrom, URIRef(m.source_url))
        if self.version is not None:
            w.add(self.uri, DCAT.version, Literal(str(self.version.number)))
            w.add(self.uri, PROV.wasGeneratedBy, self._loading(self.version))
        if m.change_note:
            w.say(self.uri, ADMS.versionNotes, m.change_note)

    def _loading(self, version: VersionView) -> Term:
        """What made the newest version out of which bytes."""
        w = self.w
        activity = w.typed(BNode(), PROV.Activity)
        w.say(
            activity,
            RDFS.label,
            f"装载第 {version.number} 版：源文件 SHA-256 {version.source_sha256}，"
            f"申报 {version.rows_declared} 行，装载 {version.rows_loaded} 行，"
            f"剔除 {version.rows_rejected} 行",
            f"Load of version {version.number}: source SHA-256 {version.source_sha256}, "
            f"{version.rows_declared} rows declared, {version.rows_loaded} loaded, "
            f"{version.rows_rejected} rejected",
        )
        w.add(activity, PROV.endedAtTime, moment(version.created_at))
        return activity

    def _contact(self) -> Term | None:
        m = self.metadata
        name = m.contact_name or self.body.name_zh
        return self.w.contact(self.uri, name, m.contact_email, m.contact_phone)

    def _rights(self) -> Term:
        m = self.metadata
        zh, en = ATTRIBUTE_WORDS[m.attribute]
        parts = [m.attribute_reason, m.conditions, m.attribute_basis, m.licence_note]
        sentences = "。".join([zh, *(part.strip().rstrip("。") for part in parts if part)])
        english = f"Opening attribute: {en} (art. 7 of the opening rules)."
        return self.w.rights(URIRef(f"{self.uri}#rights"), sentences + "。", english)

    def _distribution(self, form: Form, version: VersionView) -> None:
        w, m = self.w, self.metadata
        suffix, label = form.suffix, form.label
        subject = w.typed(URIRef(f"{self.uri}#{suffix}"), DCAT.Distribution)
        w.add(self.uri, DCAT.distribution, subject)
        w.say(
            subject, DCTERMS.title, f"{m.title_zh}（{label}）",
            f"{m.title_en} ({label})" if m.title_en else "",
        )  # fmt: skip
        w.say(
            subject, DCTERMS.description, f"第 {version.number} 版全表，{label} 格式",
            f"Whole table of version {version.number} as {label}",
        )  # fmt: skip
        w.add(
            subject, DCTERMS.format,
            w.concept(vocabulary.file_types(), form.code, DCTERMS.MediaTypeOrExtent),
        )  # fmt: skip
        w.add(subject, DCAT.mediaType, w.media_type(form.media_type))
        w.add(subject, DCAT.accessURL, self.page)
        w.add(subject, DCTERMS.issued, moment(version.created_at))
        w.add(subject, DCTERMS.modified, moment(version.created_at))
        w.add(subject, DCTERMS.license, self.licence)
        w.add(subject, DCTERMS.rights, self.rights)
        availability = vocabulary.vocabulary("planned-availability")
        w.add(subject, DCATAP.availability, w.concept(availability, "AVAILABLE"))
        if m.attribute is Attribute.UNCONDITIONAL:
            w.add(subject, DCAT.downloadURL, w.url(f"/data/{self.entry.slug}.{suffix}"))
            known = usual(w.files.get(version.id, ())).get(suffix)
            if known is not None:
                self._facts(subject, known)
        if suffix == "json":
            w.add(subject, DCAT.accessService, self._service())
        if suffix == "csv" and self.revision.fields:
            schema = w.url(f"/data/{self.entry.slug}.csv-metadata.json")
            w.add(subject, DCTERMS.conformsTo, w.typed(schema, DCTERMS.Standard))
            package = w.url(f"/datasets/{self.entry.slug}/datapackage.json")
            w.add(self.uri, FOAF.page, w.document(package))

    def _facts(self, subject: Term, known: FileFacts) -> None:
        """Size and hash of the file."""
        w = self.w
        size = Literal(str(known.size), datatype=XSD.nonNegativeInteger)
        w.add(subject, DCAT.byteSize, size)
        if known.sha256:
            checksum = w.typed(BNode(), SPDX.Checksum)
            w.add(checksum, SPDX.algorithm, w.typed(_SHA256, SPDX.ChecksumAlgorithm))
            value = Literal(known.sha256, datatype=XSD.hexBinary, normalize=False)
            w.add(checksum, SPDX.checksumValue, value)
            w.add(subject, SPDX.checksum, checksum)

    def _service(self) -> Term:
        """The rows of the dataset by API."""
        w, m = self.w, self.metadata
        subject = w.typed(URIRef(f"{self.uri}#service"), DCAT.DataService, DCAT.Resource)
        endpoint = w.typed(w.url(f"/api/v1/datasets/{self.entry.slug}/rows"), RDFS.Resource)
        described = w.typed(w.url("/api/v1/openapi.json"), RDFS.Resource)
        w.say(
            subject, DCTERMS.title, f"{m.title_zh}（数据接口）",
            f"{m.title_en} (API)" if m.title_en else "",
        )  # fmt: skip
        w.add(subject, DCAT.endpointURL, endpoint)
        w.add(subject, DCAT.endpointDescription, described)
        w.add(subject, DCAT.servesDataset, self.uri)
        w.add(subject, DCAT.landingPage, self.page)
        w.add(subject, DCAT.contactPoint, self.contact)
        w.add(subject, DCAT.theme, self.theme)
        w.add(subject, DCAT.keyword, *keywords(m.keywords))
        w.add(subject, DCTERMS.publisher, self.publisher)
        w.add(subject, DCTERMS.accessRights, self.access)
        w.add(subject, DCTERMS.license, self.licence)
        w.add(subject, DCTERMS.conformsTo, w.typed(_OPENAPI, DCTERMS.Standard))
        w.add(
            subject, DCTERMS.format,
            w.concept(vocabulary.file_types(), "JSON", DCTERMS.MediaTypeOrExtent),
        )  # fmt: skip
        return subject
