"""What the form of the search offers."""

from __future__ import annotations

import pytest

from wushu.catalog.types import Facets, FacetValue
from wushu.portal.forms.search import SearchForm

THEME = FacetValue("TRAN", "交通运输", "Transport", 12)


@pytest.mark.parametrize(
    ("at_least", "offered"), [(False, "交通运输 (12)"), (True, "交通运输 (≥ 12)")]
)
def test_a_choice_says_how_many_or_how_many_at_least(at_least: bool, offered: str) -> None:
    form = SearchForm({})
    form.offer(Facets(themes=(THEME,), at_least=at_least))
    assert form.fields["theme"].widget.choices[1:] == [("TRAN", offered)]  # type: ignore[attr-defined]
