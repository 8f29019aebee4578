"""Yearly assessments: what an indicator system may say, how a value becomes points, and points a score."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from wushu.casework.types import Ground
from wushu.kernel.errors import NOT_PERMITTED, Refusal, Said
from wushu.opening.planning_refusals import INDICATORS_FAULTY
from wushu.opening.types import Counted, Indicator, IndicatorSystem, Measured, Unit
from wushu.parties.types import KEY_LACKS_SCOPE, Actor, Role, Scope

_SYSTEM = {
    "title", "title_en", "article", "weights_platform_rule", "weights_platform_rule_en",
    "indicators",
}  # fmt: skip
_INDICATOR = {
    "id", "label", "label_en", "counts", "unit", "weight", "best", "worst", "how", "how_en",
    "article", "platform_rule", "platform_rule_en", "procedure",
}  # fmt: skip
_COMMENTING = (Role.OPENING_BODY, Role.CHIEF_DATA_OFFICER)
COMMENT_LENGTH = 5_000
SOURCE_LENGTH = 500


# Who may


def may_assess(actor: Actor | None, division: str) -> bool:
    """The data authority of the division."""
    return (
        actor is not None
        and actor.holds_over(Role.DATA_AUTHORITY, division)
        and actor.allows(Scope.CATALOG_REVIEW)
    )


def require_assessor(actor: Actor, division: str) -> None:
    """Refusals: ``not-permitted``, ``key-lacks-scope``."""
    what = Said("考核评估", "assess bodies")
    if not actor.holds_over(Role.DATA_AUTHORITY, division):
        raise NOT_PERMITTED(who=actor.name, what=what)
    if not actor.allows(Scope.CATALOG_REVIEW):
        raise KEY_LACKS_SCOPE(what=what, scope=Scope.CATALOG_REVIEW)


def may_comment(actor: Actor | None, body: UUID) -> bool:
    """A clerk of the body, and its chief data officer."""
    return (
        actor is not None
        and any(actor.holds(role, body) for role in _COMMENTING)
        and actor.allows(Scope.CATALOG_WRITE)
    )


def require_commenter(actor: Actor, body: UUID) -> None:
    """Refusal ``not-permitted``."""
    if not may_comment(actor, body):
        raise NOT_PERMITTED(
            who=actor.name, what=Said("对考核结果提出意见", "comment on an assessment")
        )


# The indicator system


def system_of(document: Mapping[str, Any], regulation: str) -> IndicatorSystem:
    """An indicator system out of its file; the first fault is refused as ``indicators-faulty``."""
    for fault in faults(document, regulation):
        raise fault
    return IndicatorSystem(
        regulation=regulation,
        title=Said(document["title"], document["title_en"]),
        ground=Ground(document["article"]),
        weights=Said(document["weights_platform_rule"], document["weights_platform_rule_en"]),
        indicators=tuple(_indicator(one) for one in document["indicators"]),
    )


def _indicator(one: Mapping[str, Any]) -> Indicator:
    rule = one.get("platform_rule")
    return Indicator(
        id=one["id"], label=Said(one["label"], one["label_en"]), how=Said(one["how"], one["how_en"]),
        counts=Counted(one["counts"]), unit=Unit(one["unit"]), weight=float(one["weight"]),
        best=float(one["best"]), worst=float(one["worst"]), procedure=one.get("procedure", ""),
        ground=Ground(one.get("article", ""), Said(rule, one["platform_rule_en"]) if rule else None),
    )  # fmt: skip


def faults(document: Mapping[str, Any], regulation: str) -> list[Refusal]:
    """All that is wrong in an indicator system's file, each with its place."""
    said = _Faults(f"{regulation}/assessment.toml")
    said.texts(document, "", ("title", "title_en", "article", "weights_platform_rule",
                              "weights_platform_rule_en"))  # fmt: skip
    said.unknown(document, "", _SYSTEM)
    several = document.get("indicators")
    if not isinstance(several, list) or not several:
        said.add("indicators", "至少要有一项", "there is at least one")
        return said.found
    if not all(isinstance(one, dict) for one in several):
        said.add("indicators", "每一项须写成 [[indicators]]", "each is written as [[indicators]]")
        return said.found
    for number, one in enumerate(several):
        _check(said, one, f"indicators[{one.get('id', number)}]")
    ids = [one.get("id") for one in several]
    for twice in sorted({str(one) for one in ids if ids.count(one) > 1}):
        said.add(f"indicators[{twice}]", "编号重复", "its id stands there twice")
    if not sum(one["weight"] for one in several if _is_number(one.get("weight"))) > 0:
        said.add("indicators", "权重合计须大于 0", "the weights sum to more than 0")
    return said.found


def _check(said: _Faults, one: Mapping[str, Any], where: str) -> None:
    said.unknown(one, where, _INDICATOR)
    said.texts(one, where, ("id", "label", "label_en", "how", "how_en"))
    for name, known in (("counts", list(Counted)), ("unit", list(Unit))):
        if one.get(name) not in known:
            options = ", ".join(known)
            said.add(f"{where}.{name}", f"应为 {options}", f"one of {options}")
    for name in ("weight", "best", "worst"):
        if not _is_number(one.get(name)):
            said.add(f"{where}.{name}", "应为数", "it is a number")
    if _is_number(one.get("weight")) and one["weight"] < 0:
        said.add(f"{where}.weight", "不能为负", "it is not negative")
    if one.get("best") == one.get("worst"):
        said.add(f"{where}.best", "不能与 worst 相同", "it differs from worst")
    if bool(one.get("article")) == bool(one.get("platform_rule")):
        said.add(where, "须写明条款或者平台规则之一", "it names an article or a platform rule")
    if one.get("platform_rule"):
        said.texts(one, where, ("platform_rule_en",))
    if (one.get("counts") == Counted.PROCEDURE) != bool(one.get("procedure")):
        said.add(
            f"{where}.procedure", "只用于 procedure-in-time", "goes with procedure-in-time alone"
        )


class _Faults:
    """What is wrong in one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Refusal] = []

    def add(self, where: str, zh: str, en: str) -> None:
        self.found.append(INDICATORS_FAULTY(file=self.file, where=where, reason=Said(zh, en)))

    def texts(self, one: Mapping[str, Any], where: str, names: Iterable[str]) -> None:
        for name in names:
            if not isinstance(one.get(name), str) or not one[name].strip():
                self.add(f"{where}.{name}".lstrip("."), "须填写文字", "it is text and not empty")

    def unknown(self, one: Mapping[str, Any], where: str, known: set[str]) -> None:
        for name in sorted(set(one) - known):
            self.add(f"{where}.{name}".lstrip("."), "没有这一项", "there is no such key")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


# Points


def points(indicator: Indicator, value: float | None) -> float | None:
    """0 to 100, in proportion between the worst and the best value; None where nothing was counted."""
    if value is None:
        return None
    share = (value - indicator.worst) / (indicator.best - indicator.worst)
    return round(100 * min(max(share, 0.0), 1.0), 1)


def score(indicators: Iterable[Indicator], measured: Iterable[Measured]) -> float | None:
    """Mean of the points by weight; what had nothing to count is left out."""
    counted = [
        (one.weight, found.points)
        for one, found in zip(indicators, measured, strict=True)
        if found.points is not None and one.weight
    ]
    if not counted:
        return None
    return round(
        sum(weight * earned for weight, earned in counted) / sum(weight for weight, _e in counted),
        1,
    )
