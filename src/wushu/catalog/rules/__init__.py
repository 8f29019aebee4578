"""Pure decisions of the catalogue: what may be written, what follows what, who lists, who sees."""

from wushu.catalog.rules.changes import content_digest, content_document, revision_changes
from wushu.catalog.rules.citing import citation
from wushu.catalog.rules.closing import CLOSING_ACTS, Closing, closing_obstacle, sealing_obstacle
from wushu.catalog.rules.content import (
    ATTRIBUTE_WORDS,
    Codes,
    draft_problems,
    require_duty,
    submission_problems,
    words_problems,
)
from wushu.catalog.rules.correcting import (
    BY_TWO,
    CORRECTABLE,
    confirming_obstacle,
    correcting_obstacle,
)
from wushu.catalog.rules.gate import (
    authority_obstacle,
    case_obstacle,
    gate_obstacle,
    opens_more,
)
from wushu.catalog.rules.items import (
    item_of,
    item_of_stored,
    item_parts,
    items_of,
    named_items,
    rarity,
)
from wushu.catalog.rules.periods import period_order, require_period
from wushu.catalog.rules.regions import region_of, regions_of
from wushu.catalog.rules.slugs import require_slug, slug_candidates, slug_of
from wushu.catalog.rules.states import (
    ACT_WORDS,
    REVISION_WORDS,
    STATE_WORDS,
    TRANSITIONS,
    entry_after,
    require_draft,
    require_in_review,
)
from wushu.catalog.rules.visibility import (
    Standing,
    bodies_read,
    divisions_examined,
    may_edit,
    may_examine,
    may_import,
    require_editor,
    require_examiner,
    require_importer,
    standing,
    visible_states,
)

__all__ = [
    "ACT_WORDS",
    "ATTRIBUTE_WORDS",
    "BY_TWO",
    "CLOSING_ACTS",
    "CORRECTABLE",
    "REVISION_WORDS",
    "STATE_WORDS",
    "TRANSITIONS",
    "Closing",
    "Codes",
    "Standing",
    "authority_obstacle",
    "bodies_read",
    "case_obstacle",
    "citation",
    "closing_obstacle",
    "confirming_obstacle",
    "content_digest",
    "content_document",
    "correcting_obstacle",
    "divisions_examined",
    "draft_problems",
    "entry_after",
    "gate_obstacle",
    "item_of",
    "item_of_stored",
    "item_parts",
    "items_of",
    "may_edit",
    "may_examine",
    "may_import",
    "named_items",
    "opens_more",
    "period_order",
    "rarity",
    "region_of",
    "regions_of",
    "require_draft",
    "require_duty",
    "require_editor",
    "require_examiner",
    "require_importer",
    "require_in_review",
    "require_period",
    "require_slug",
    "revision_changes",
    "sealing_obstacle",
    "slug_candidates",
    "slug_of",
    "standing",
    "submission_problems",
    "visible_states",
    "words_problems",
]
