"""How to cite a dataset: GB/T 7714-2015 in Chinese, the DataCite form in English."""

from __future__ import annotations

from datetime import date

from wushu.kernel.errors import Language


def citation(
    language: Language,
    *,
    body: str,
    title: str,
    region: str,
    version: int | None,
    changed: date,
    read: date,
    address: str,
) -> str:
    """One line; ``changed`` is the day of the version or entry, ``read`` the day of reading."""
    if language == "zh":
        edition = f"第{version}版." if version else ""
        return f"{body}. {title}[DS/OL]. {edition}({changed})[{read}]. {address}."
    edition = f", version {version}" if version else ""
    return f"{body} ({changed.year}). {title}{edition} [Data set]. {region} public data. {address}"
