"""Citations name who, what, which version, when, where."""

from __future__ import annotations

from datetime import date

from wushu.catalog.rules import citation
from wushu.kernel.errors import Language


def made(language: Language, version: int | None) -> str:
    return citation(
        language, body="示例市交通运输局", title="公交站点", region="示例市", version=version,
        changed=date(2026, 11, 2), read=date(2026, 11, 21), address="https://x.example/id/1",
    )  # fmt: skip


def test_chinese_citations_follow_gb_t_7714():
    assert made("zh", 2) == (
        "示例市交通运输局. 公交站点[DS/OL]. 第2版.(2026-11-02)[2026-11-21]. https://x.example/id/1."
    )


def test_english_citations_follow_datacite():
    assert made("en", 2) == (
        "示例市交通运输局 (2026). 公交站点, version 2 [Data set]. 示例市 public data. "
        "https://x.example/id/1"
    )


def test_an_entry_without_data_has_no_version():
    assert "第" not in made("zh", None)
    assert "version" not in made("en", None)
