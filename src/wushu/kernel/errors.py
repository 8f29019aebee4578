"""The vocabulary of refusals: every "no" has a name, a sentence and a way out, in two languages.

A kind of refusal is declared once, in the ``types`` module of the app that owns it::

    EMPTY_FILE = kind(
        "empty-file", 422,
        zh="文件 {name} 没有内容。", en="The file {name} is empty.",
        way_out_zh="请选择有表头和数据行的文件。",
        way_out_en="Choose a file with a header and rows.",
    )

and raised as ``raise EMPTY_FILE(name="a.csv")``. A fact that is words and no value is a ``Said``, so
that no sentence mixes two languages: ``NOT_PERMITTED(who="李敏", what=Said("装载数据", "load data"))``.
Pages, the API, the command line and the log all
show the same refusal, so that a user can quote its name and a developer can find it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar, Literal

from wushu.kernel.noting import note_refusal

Language = Literal["zh", "en"]

_registry: dict[str, RefusalKind] = {}


@dataclass(frozen=True, slots=True)
class Said:
    """A fact in words: each language says its own."""

    zh: str
    en: str
    key: str = ""
    """The field's name in forms and documents, where the words name a field."""
    do_not_call_in_templates: ClassVar[bool] = True
    """Templates call whatever can be called, and have no language to give."""

    def __call__(self, language: Language) -> str:
        """The words in the language."""
        return self.zh if language == "zh" else self.en


class Refusal(Exception):
    """A named "no". ``str()`` is the English sentence with its way out."""

    def __init__(self, kind: RefusalKind, facts: Mapping[str, Any]) -> None:
        super().__init__(kind, facts)
        self.kind = kind
        self.facts: Mapping[str, Any] = MappingProxyType(dict(facts))

    @property
    def name(self) -> str:
        """The stable name, ``words-with-hyphens``."""
        return self.kind.name

    @property
    def status(self) -> int:
        """The HTTP status that goes with it."""
        return self.kind.status

    def sentence(self, language: Language = "zh") -> str:
        """What is wrong and where."""
        text = self.kind.zh if language == "zh" else self.kind.en
        return text.format_map(self._facts_in(language))

    def way_out(self, language: Language = "zh") -> str:
        """What the person can do now."""
        text = self.kind.way_out_zh if language == "zh" else self.kind.way_out_en
        return text.format_map(self._facts_in(language))

    def _facts_in(self, language: Language) -> dict[str, Any]:
        return {
            name: fact(language) if isinstance(fact, Said) else fact
            for name, fact in self.facts.items()
        }

    def as_problem(self, language: Language = "zh") -> dict[str, Any]:
        """Problem details (RFC 9457) with the way out and both languages' sentence.

        ``title`` is the kind's and never varies, ``detail`` is this occurrence's. ``field`` is there
        where one field of what was sent is wrong.
        """
        field = self.facts.get("field")
        problem = {
            "type": f"about:blank#{self.name}",
            "title": self.kind.title,
            "status": self.status,
            "detail": self.sentence(language),
            "name": self.name,
            "way_out": self.way_out(language),
            "zh": self.sentence("zh"),
            "en": self.sentence("en"),
        }
        if isinstance(field, Said) and field.key:
            problem["field"] = field.key
        return problem

    def __str__(self) -> str:
        return f"{self.sentence('en')} {self.way_out('en')} [{self.name}]"

    def __reduce__(self) -> tuple[Any, ...]:
        return (Refusal, (self.kind, dict(self.facts)))


@dataclass(frozen=True, slots=True)
class RefusalKind:
    """One word of the vocabulary; calling it makes the exception."""

    name: str
    status: int
    zh: str
    en: str
    way_out_zh: str
    way_out_en: str

    @property
    def title(self) -> str:
        """The name as words, ``File too large``: the same in every occurrence and language."""
        return self.name.replace("-", " ").capitalize()

    def __call__(self, **facts: Any) -> Refusal:
        """Make the refusal; raises ``KeyError`` when a fact its sentences need is missing."""
        refusal = Refusal(self, facts)
        languages: tuple[Language, Language] = ("zh", "en")
        for language in languages:  # a sentence that cannot be said is a bug, found here
            refusal.sentence(language)
            refusal.way_out(language)
        note_refusal(self.name, self.status)
        return refusal


def kind(
    name: str, status: int, *, zh: str, en: str, way_out_zh: str, way_out_en: str
) -> RefusalKind:
    """Declare a kind of refusal; a name is declared once in the whole program."""
    if name in _registry:
        raise ValueError(f"refusal {name!r} is declared twice")
    made = RefusalKind(name, status, zh, en, way_out_zh, way_out_en)
    _registry[name] = made
    return made


def vocabulary() -> Mapping[str, RefusalKind]:
    """All declared kinds, by name."""
    return MappingProxyType(_registry)


NOT_PERMITTED = kind(
    "not-permitted",
    403,
    zh="{who}没有“{what}”的权限。",
    en="{who} may not {what}.",
    way_out_zh="请用有该角色的账号登录，或请本单位管理员授予角色。",
    way_out_en="Sign in with an account that holds the role, or ask your organisation for it.",
)
NOT_FOUND = kind(
    "not-found",
    404,
    zh="找不到{what}。",
    en="{what} was not found.",
    way_out_zh="请核对名称或从目录中查找。",
    way_out_en="Check the name, or look it up in the catalogue.",
)
INVALID_VALUE = kind(
    "invalid-value",
    422,
    zh="{field}的值“{value}”不正确：{reason_zh}。",
    en="{field} has the value “{value}”, which is wrong: {reason_en}.",
    way_out_zh="请更正后重新提交。",
    way_out_en="Correct it and submit again.",
)
STALE = kind(
    "stale",
    409,
    zh="{what}在您打开之后已被改动。",
    en="{what} was changed after you opened it.",
    way_out_zh="请刷新页面，核对后再提交。",
    way_out_en="Reload, compare, and submit again.",
)
