"""Why bytes are not what they should be, in two languages: it becomes a sentence that people read."""

from __future__ import annotations


class Malformed(ValueError):
    """Bytes or a text that are not what they should be. ``str()`` is the English reason."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.zh = zh
        self.en = en

    @property
    def facts(self) -> dict[str, str]:
        """The reason as facts of a refusal or a fault."""
        return {"reason_zh": self.zh, "reason_en": self.en}

    def __str__(self) -> str:
        return self.en
