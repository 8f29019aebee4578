"""Writes of the catalogue: may they? -> rules -> save -> evidence, in one transaction each."""

from wushu.catalog.services.assessing import quality_outdate, quality_refresh
from wushu.catalog.services.closing import entry_restore, entry_seal, entry_withdraw
from wushu.catalog.services.correcting import act_correct, correction_confirm
from wushu.catalog.services.drafting import entry_create, revision_draft, revision_submit
from wushu.catalog.services.grouping import (
    grouping_add,
    grouping_change,
    grouping_create,
    grouping_drop,
    grouping_remove,
)
from wushu.catalog.services.importing import catalogue_import
from wushu.catalog.services.popularity import demand_replace, popularity_replace
from wushu.catalog.services.responsibility import (
    derivation_add,
    derivation_drop,
    duty_set,
    item_source_decide,
)
from wushu.catalog.services.reviewing import revision_pass_gate, revision_return
from wushu.catalog.services.series import (
    series_add,
    series_change,
    series_close,
    series_drop,
    series_list,
    series_propose,
    series_return,
)
from wushu.catalog.services.versions import version_add

__all__ = [
    "act_correct",
    "catalogue_import",
    "correction_confirm",
    "demand_replace",
    "derivation_add",
    "derivation_drop",
    "duty_set",
    "entry_create",
    "entry_restore",
    "entry_seal",
    "entry_withdraw",
    "grouping_add",
    "grouping_change",
    "grouping_create",
    "grouping_drop",
    "grouping_remove",
    "item_source_decide",
    "popularity_replace",
    "quality_outdate",
    "quality_refresh",
    "revision_draft",
    "revision_pass_gate",
    "revision_return",
    "revision_submit",
    "series_add",
    "series_change",
    "series_close",
    "series_drop",
    "series_list",
    "series_propose",
    "series_return",
    "version_add",
]
