"""What protocols and states are called, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from wushu.harvest.types import RunState, SourceKind, SourceState

Label = str | Promise

SOURCE_KINDS: Mapping[SourceKind, Label] = {
    SourceKind.CKAN: "CKAN",
    SourceKind.DCAT: "DCAT",
    SourceKind.OAI_PMH: "OAI-PMH",
}
SOURCE_STATES: Mapping[SourceState, Label] = {
    SourceState.PROPOSED: pgettext_lazy("harvest", "proposed"),
    SourceState.ACTIVE: pgettext_lazy("harvest", "active"),
    SourceState.STOPPED: pgettext_lazy("harvest", "stopped"),
}
RUN_STATES: Mapping[RunState, Label] = {
    RunState.WAITING: pgettext_lazy("harvest", "waits for the worker"),
    RunState.RUNNING: pgettext_lazy("harvest", "being read"),
    RunState.DONE: pgettext_lazy("harvest", "read"),
    RunState.REFUSED: pgettext_lazy("harvest", "nothing changed"),
}
