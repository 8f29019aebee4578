"""By which article something is done here: looked up in the regulations that a place adopted."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from wushu.casework import selectors as casework
from wushu.casework.types import Ground, PublishedRegulation
from wushu.kernel.errors import Said


@dataclass(frozen=True, slots=True)
class LivingArticle:
    """An article of an adopted regulation."""

    version: PublishedRegulation
    title: Said
    """Of the regulation."""
    words: Said
    """第十四条."""


def article_living(place: str, *, division: str) -> LivingArticle | None:
    """The article that says it lives in ``page:…`` (``place``), of what a division applies today."""
    if not division:
        return None
    adopted = casework.all_applying(division, casework.local_day(timezone.now()))
    for one in {found.version.id: found.version for found in adopted.values()}.values():
        rule = casework.regulation(one.id)
        for article in rule.articles:
            if place in article.lives:
                return LivingArticle(
                    one, rule.title, casework.ground_words(Ground(str(article.number)))
                )
    return None
