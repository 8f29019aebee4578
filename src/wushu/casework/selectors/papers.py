"""Whether the papers of cases are still the bytes that were handed in."""

from __future__ import annotations

from collections.abc import Iterator

from wushu.casework.models import CasePaper, PaperContent
from wushu.kernel.canonical import sha256_hex
from wushu.kernel.errors import Said


def paper_faults() -> Iterator[tuple[str, Said]]:
    """Papers that are missing or are other bytes than their recorded SHA-256 says, each with its place."""
    papers = CasePaper.objects.order_by("pk").values_list(
        "pk", "sha256", "event__case__number", "name"
    )
    for key, sha256, number, name in papers.iterator(chunk_size=500):
        content = PaperContent.objects.filter(pk=key).values_list("content", flat=True).first()
        where = f"casework_papercontent {key}"
        if content is None:
            yield (
                where,
                Said(f"{number} 的材料“{name}”缺失", f"the paper “{name}” of {number} is missing"),
            )
        elif sha256_hex(bytes(content)) != sha256:
            yield (
                where,
                Said(
                    f"{number} 的材料“{name}”与收件时不同",
                    f"the paper “{name}” of {number} is not what was handed in",
                ),
            )
