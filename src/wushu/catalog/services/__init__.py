"""Writes of the catalogue: may they? -> rules -> save -> evidence, in one transaction each."""

from wushu.catalog.popularity import popularity_replace
from wushu.catalog.services.closing import entry_restore, entry_seal, entry_withdraw
from wushu.catalog.services.drafting import entry_create, revision_draft, revision_submit
from wushu.catalog.services.importing import catalogue_import
from wushu.catalog.services.reviewing import revision_pass_gate, revision_return
from wushu.catalog.services.versions import version_add

__all__ = [
    "catalogue_import",
    "entry_create",
    "entry_restore",
    "entry_seal",
    "entry_withdraw",
    "popularity_replace",
    "revision_draft",
    "revision_pass_gate",
    "revision_return",
    "revision_submit",
    "version_add",
]
