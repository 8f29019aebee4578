"""Gives each app what it needs of one above it. Imported once all apps are ready, and only then."""

from __future__ import annotations

from wushu.catalog import selectors as catalog
from wushu.config import openapi, providers, scanner
from wushu.dataplane import selectors as dataplane
from wushu.evidence.services import Rerecording, record
from wushu.kernel import acts, migrating, scanning
from wushu.opening import selectors as opening
from wushu.parties import selectors as parties
from wushu.portal import selectors as portal


def bind() -> None:
    """Every seam, each once."""
    # What parties and migrations do is recorded in the log, of which both know nothing.
    acts.bind(record)
    migrating.bind(Rerecording())
    # The catalogue describes files that the data plane makes.
    catalog.files_bind(dataplane.export_facts)
    # What a place asks for before a listing stands in its rules.
    catalog.procedures_bind(opening.listing_procedure)
    # A case that suspended opening decides how that ends.
    catalog.sealing_bind(opening.sealing_case)
    # The description of the API names the addresses of all apps.
    portal.bind_api_description(openapi.document)
    # What the settings name.
    scanning.bind(scanner.scanner)
    parties.sms.bind(providers.sms)
    parties.real_name.bind(providers.real_name)
