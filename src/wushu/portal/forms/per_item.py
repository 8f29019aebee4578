"""A field of several lines, each of a data item, what is chosen for it, and values: no script is needed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

LINES = 5
"""Lines that a page offers; who needs more writes them by the API."""


class PerItemWidget(forms.Widget):
    """Its lines; ``key`` is what the chosen thing is called in an answer (``op``, ``method``)."""

    template_name = "parts/per_item.html"

    def __init__(
        self, key: str, columns: Iterable[str], choices: Sequence[tuple[str, Any]]
    ) -> None:
        super().__init__()
        self.key, self.columns, self.choices = key, list(columns), list(choices)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, Any]]:
        """The lines in which anything stands."""
        del files
        found = []
        for n in range(LINES):
            column, chosen, text = (
                data.get(f"{name}-{n}-{part}", "").strip()
                for part in ("column", self.key, "values")
            )
            if column or text:
                values = [one.strip() for one in text.splitlines() if one.strip()]
                found.append({"column": column, self.key: chosen, "values": values})
        return found

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Lines with what stands in them."""
        given = list(value or [])[:LINES]
        lines = [
            {
                "n": n,
                "number": n + 1,
                "column": line.get("column", ""),
                "chosen": line.get(self.key, ""),
                "text": "\n".join(line.get("values", [])),
            }
            for n, line in enumerate(given + [{}] * (LINES - len(given)))
        ]
        words = {
            "open": _("Fill in"), "column": _("Data item"), "values": _("Values"),
            "chosen": _("Comparison") if self.key == "op" else _("Method"),
        }  # fmt: skip
        return {
            **super().get_context(name, value, attrs),
            "lines": lines,
            "key": self.key,
            "columns": self.columns,
            "choices": self.choices,
            "words": words,
            "is_open": bool(given),
        }


class PerItemField(forms.Field):
    """The same as a field; what is wrong with a line the service says."""

    def __init__(
        self, key: str, choices: Sequence[tuple[str, Any]], columns: Iterable[str] = (), **more: Any
    ) -> None:
        super().__init__(widget=PerItemWidget(key, columns, choices), required=False, **more)
