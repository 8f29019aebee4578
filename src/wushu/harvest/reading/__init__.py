"""Reads other catalogues: addresses in, descriptions out. No tables, no Django."""

from wushu.harvest.reading.ckan import read_ckan
from wushu.harvest.reading.dcat import read_dcat
from wushu.harvest.reading.oai import day_of, read_oai
from wushu.harvest.reading.reader import Address, Deleted, Fetch, Found, Unread, base_of
from wushu.harvest.types import SourceKind

READERS = {
    SourceKind.CKAN: read_ckan,
    SourceKind.DCAT: read_dcat,
    SourceKind.OAI_PMH: read_oai,
}

__all__ = ["READERS", "Address", "Deleted", "Fetch", "Found", "Unread", "base_of", "day_of"]
