"""What codes and states are called, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wushu.catalog.types import (
    Attribute,
    EntryAct,
    EntryState,
    FieldType,
    ReviewDecision,
    RevisionState,
)

Label = str | Promise

ATTRIBUTES: Mapping[Attribute, Label] = {
    Attribute.UNCONDITIONAL: _("Unconditionally open"),
    Attribute.CONDITIONAL: _("Conditionally open"),
    Attribute.NONE: _("Not opened"),
}
ATTRIBUTE_MEANINGS: Mapping[Attribute, Label] = {
    Attribute.UNCONDITIONAL: _("Anybody may take and use the data, without an application."),
    Attribute.CONDITIONAL: _("The data are open to a stated audience, for stated purposes."),
    Attribute.NONE: _("The data are closed on a stated legal basis, re-assessed periodically."),
}
ENTRY_STATES: Mapping[EntryState, Label] = {
    EntryState.DRAFT: _("Draft"),
    EntryState.IN_REVIEW: _("In review"),
    EntryState.LISTED: _("Listed"),
    EntryState.SEALED: _("Sealed"),
    EntryState.WITHDRAWN: _("Withdrawn"),
}
REVISION_STATES: Mapping[RevisionState, Label] = {
    RevisionState.DRAFT: _("Draft"),
    RevisionState.IN_REVIEW: _("In review"),
    RevisionState.RETURNED: _("Returned"),
    RevisionState.LISTED: _("Listed"),
    RevisionState.SUPERSEDED: _("Superseded"),
}
ENTRY_ACTS: Mapping[EntryAct, Label] = {
    EntryAct.EDIT: _("Edit"),
    EntryAct.SUBMIT: _("Submit for review"),
    EntryAct.RETURN: _("Return"),
    EntryAct.LIST: _("List"),
    EntryAct.SEAL: _("Seal"),
    EntryAct.RESTORE: _("Restore"),
    EntryAct.WITHDRAW: _("Withdraw"),
}
REVIEW_DECISIONS: Mapping[ReviewDecision, Label] = {
    ReviewDecision.LIST: _("Listed"),
    ReviewDecision.RETURN: _("Returned"),
}
FIELD_TYPES: Mapping[FieldType, Label] = {
    FieldType.TEXT: _("Text"),
    FieldType.INTEGER: _("Whole number"),
    FieldType.DECIMAL: _("Decimal number"),
    FieldType.NUMBER: _("Floating-point number"),
    FieldType.DATE: _("Date"),
    FieldType.DATETIME: _("Date and time"),
    FieldType.BOOLEAN: _("Yes or no"),
}
METADATA: Mapping[str, Label] = {
    "title_zh": _("Title (Chinese)"),
    "title_en": _("Title (English)"),
    "description_zh": _("Description (Chinese)"),
    "description_en": _("Description (English)"),
    "keywords": _("Keywords"),
    "theme": _("Theme"),
    "attribute": _("Opening attribute"),
    "attribute_reason": _("Reason of the opening attribute"),
    "attribute_basis": _("Legal basis or filing"),
    "conditions": _("Conditions of opening"),
    "update_cycle": _("Update cycle"),
    "spatial": _("Area covered"),
    "temporal_start": _("Period covered, from"),
    "temporal_end": _("Period covered, to"),
    "licence": _("Licence"),
    "licence_note": _("Note on the licence"),
    "source_url": _("Address of the source"),
    "source_note": _("Origin of the data"),
    "synthetic": _("Synthetic data"),
    "contact_name": _("Contact"),
    "contact_email": _("E-mail"),
    "contact_phone": _("Telephone"),
    "change_note": _("What changed"),
}
FIELD_PROPERTIES: Mapping[str, Label] = {
    "name": _("Column"),
    "type": _("Type"),
    "format": _("Format"),
    "title_zh": _("Name (Chinese)"),
    "title_en": _("Name (English)"),
    "description": _("Meaning"),
    "unit": _("Unit"),
    "code_list": _("Code list"),
    "null_values": _("Texts that mean no value"),
    "null_meaning": _("Meaning of no value"),
    "required": _("Required"),
    "key": _("Key"),
}
FACETS: Mapping[str, Label] = {
    "theme": _("Theme"),
    "body": _("Opening body"),
    "attribute": _("Opening attribute"),
    "format": _("Format"),
}
