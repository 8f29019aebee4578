"""What codes and states are called, in the reader's language.

The context keeps short words (key, list, text) apart from the same words on other apps' pages.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from wushu.catalog.types import (
    Attribute,
    EntryAct,
    EntryState,
    FieldType,
    ReviewDecision,
    RevisionState,
    SeriesState,
)

Label = str | Promise

ATTRIBUTES: Mapping[Attribute, Label] = {
    Attribute.UNCONDITIONAL: pgettext_lazy("catalogue", "Unconditionally open"),
    Attribute.CONDITIONAL: pgettext_lazy("catalogue", "Conditionally open"),
    Attribute.NONE: pgettext_lazy("catalogue", "Not opened"),
}
ATTRIBUTE_MEANINGS: Mapping[Attribute, Label] = {
    Attribute.UNCONDITIONAL: pgettext_lazy(
        "catalogue", "Anybody may take and use the data, without an application."
    ),
    Attribute.CONDITIONAL: pgettext_lazy(
        "catalogue", "The data are open to a stated audience, for stated purposes."
    ),
    Attribute.NONE: pgettext_lazy(
        "catalogue", "The data are closed on a stated legal basis, re-assessed periodically."
    ),
}
ENTRY_STATES: Mapping[EntryState, Label] = {
    EntryState.DRAFT: pgettext_lazy("catalogue", "Draft"),
    EntryState.IN_REVIEW: pgettext_lazy("catalogue", "In review"),
    EntryState.LISTED: pgettext_lazy("catalogue", "Listed"),
    EntryState.SEALED: pgettext_lazy("catalogue", "Sealed"),
    EntryState.WITHDRAWN: pgettext_lazy("catalogue", "Withdrawn"),
}
SERIES_STATES: Mapping[SeriesState, Label] = {
    SeriesState.PROPOSED: pgettext_lazy("catalogue", "Waits for review"),
    SeriesState.RETURNED: pgettext_lazy("catalogue", "Returned"),
    SeriesState.LISTED: pgettext_lazy("catalogue", "Listed"),
    SeriesState.CLOSED: pgettext_lazy("catalogue", "Closed"),
}
REVISION_STATES: Mapping[RevisionState, Label] = {
    RevisionState.DRAFT: pgettext_lazy("catalogue", "Draft"),
    RevisionState.IN_REVIEW: pgettext_lazy("catalogue", "In review"),
    RevisionState.RETURNED: pgettext_lazy("catalogue", "Returned"),
    RevisionState.LISTED: pgettext_lazy("catalogue", "Listed"),
    RevisionState.SUPERSEDED: pgettext_lazy("catalogue", "Superseded"),
}
ENTRY_ACTS: Mapping[EntryAct, Label] = {
    EntryAct.EDIT: pgettext_lazy("catalogue", "Edit"),
    EntryAct.SUBMIT: pgettext_lazy("catalogue", "Submit for review"),
    EntryAct.RETURN: pgettext_lazy("catalogue", "Return"),
    EntryAct.LIST: pgettext_lazy("catalogue", "List"),
    EntryAct.SEAL: pgettext_lazy("catalogue", "Seal"),
    EntryAct.RESTORE: pgettext_lazy("catalogue", "Restore"),
    EntryAct.WITHDRAW: pgettext_lazy("catalogue", "Withdraw"),
}
REVIEW_DECISIONS: Mapping[ReviewDecision, Label] = {
    ReviewDecision.LIST: pgettext_lazy("catalogue", "Listed"),
    ReviewDecision.RETURN: pgettext_lazy("catalogue", "Returned"),
}
FIELD_TYPES: Mapping[FieldType, Label] = {
    FieldType.TEXT: pgettext_lazy("catalogue", "Text"),
    FieldType.INTEGER: pgettext_lazy("catalogue", "Whole number"),
    FieldType.DECIMAL: pgettext_lazy("catalogue", "Decimal number"),
    FieldType.NUMBER: pgettext_lazy("catalogue", "Floating-point number"),
    FieldType.DATE: pgettext_lazy("catalogue", "Date"),
    FieldType.DATETIME: pgettext_lazy("catalogue", "Date and time"),
    FieldType.BOOLEAN: pgettext_lazy("catalogue", "Yes or no"),
}
METADATA: Mapping[str, Label] = {
    "title_zh": pgettext_lazy("catalogue", "Title (Chinese)"),
    "title_en": pgettext_lazy("catalogue", "Title (English)"),
    "description_zh": pgettext_lazy("catalogue", "Description (Chinese)"),
    "description_en": pgettext_lazy("catalogue", "Description (English)"),
    "keywords": pgettext_lazy("catalogue", "Keywords"),
    "theme": pgettext_lazy("catalogue", "Theme"),
    "attribute": pgettext_lazy("catalogue", "Opening attribute"),
    "attribute_reason": pgettext_lazy("catalogue", "Reason of the opening attribute"),
    "attribute_basis": pgettext_lazy("catalogue", "Legal basis or filing"),
    "conditions": pgettext_lazy("catalogue", "Conditions of opening"),
    "update_cycle": pgettext_lazy("catalogue", "Update cycle"),
    "spatial": pgettext_lazy("catalogue", "Area covered"),
    "temporal_start": pgettext_lazy("catalogue", "Period covered, from"),
    "temporal_end": pgettext_lazy("catalogue", "Period covered, to"),
    "licence": pgettext_lazy("catalogue", "Licence"),
    "licence_note": pgettext_lazy("catalogue", "Note on the licence"),
    "source_url": pgettext_lazy("catalogue", "Address of the source"),
    "source_note": pgettext_lazy("catalogue", "Origin of the data"),
    "synthetic": pgettext_lazy("catalogue", "Synthetic data"),
    "contact_name": pgettext_lazy("catalogue", "Contact"),
    "contact_email": pgettext_lazy("catalogue", "E-mail"),
    "contact_phone": pgettext_lazy("catalogue", "Telephone"),
    "change_note": pgettext_lazy("catalogue", "What changed"),
}
FIELD_PROPERTIES: Mapping[str, Label] = {
    "name": pgettext_lazy("catalogue", "Column"),
    "type": pgettext_lazy("catalogue", "Type"),
    "format": pgettext_lazy("catalogue", "Format"),
    "title_zh": pgettext_lazy("catalogue", "Name (Chinese)"),
    "title_en": pgettext_lazy("catalogue", "Name (English)"),
    "description": pgettext_lazy("catalogue", "Meaning"),
    "unit": pgettext_lazy("catalogue", "Unit"),
    "code_list": pgettext_lazy("catalogue", "Code list"),
    "null_values": pgettext_lazy("catalogue", "Texts that mean no value"),
    "null_meaning": pgettext_lazy("catalogue", "Meaning of no value"),
    "required": pgettext_lazy("catalogue", "Required"),
    "key": pgettext_lazy("catalogue", "Key"),
}
FACETS: Mapping[str, Label] = {
    "theme": pgettext_lazy("catalogue", "Theme"),
    "body": pgettext_lazy("catalogue", "Opening body"),
    "attribute": pgettext_lazy("catalogue", "Opening attribute"),
    "format": pgettext_lazy("catalogue", "Format"),
    "frequency": pgettext_lazy("catalogue", "Update cycle"),
    "region": pgettext_lazy("catalogue", "Area covered"),
    "grouping": pgettext_lazy("catalogue", "Base or theme database"),
}
