"""The catalogue as DCAT-AP 3.0.1 (RDF): one graph per dataset, and the catalogue page by page."""

from wushu.catalog.dcat.arranged import around_into
from wushu.catalog.dcat.catalogue import CataloguePage, catalogue_into
from wushu.catalog.dcat.dataset import dataset_into
from wushu.catalog.dcat.quality import assess
from wushu.catalog.dcat.terms import FORMATS, Writer, serialise

__all__ = [
    "FORMATS",
    "CataloguePage",
    "Writer",
    "around_into",
    "assess",
    "catalogue_into",
    "dataset_into",
    "serialise",
]
