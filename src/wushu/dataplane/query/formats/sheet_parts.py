"""The small parts of a workbook that are not rows (ECMA-376, part 1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from xml.sax.saxutils import escape

from wushu.catalog.types import FieldType
from wushu.dataplane.query.formats.table import Name
from wushu.dataplane.query.sql import Column

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml"

PARTS = (
    (
        "[Content_Types].xml",
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEETS}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEETS}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_SHEETS}.styles+xml"/>'
        '<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>',
    ),
    (
        "_rels/.rels",
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" '
        'Target="docProps/core.xml"/></Relationships>',
    ),
    (
        "xl/_rels/workbook.xml.rels",
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    ),
    (
        "xl/workbook.xml",
        f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="data" sheetId="1" r:id="rId1"/></sheets></workbook>',
    ),
)
"""The same in every workbook."""

_WIDTHS = {FieldType.DATE: 12, FieldType.DATETIME: 20, FieldType.BOOLEAN: 9}
_WIDTH = 16
"""In characters. A date that does not fit is shown as a row of hashes."""


@dataclass(frozen=True)
class Styles:
    """How cells are shown; a style's number is its place among ``cellXfs``."""

    PLAIN: ClassVar[int] = 0
    HEAD: ClassVar[int] = 1
    TEXT: ClassVar[int] = 2
    DATE: ClassVar[int] = 3
    DATETIME: ClassVar[int] = 4
    INTEGER: ClassVar[int] = 5

    scales: tuple[int, ...]
    """Of the decimals that occur."""

    @classmethod
    def of(cls, columns: Sequence[Column]) -> Styles:
        """Those these columns need."""
        scales = {column.scale for column in columns if column.type is FieldType.DECIMAL}
        return cls(tuple(sorted(scales)))

    def decimal(self, scale: int) -> int:
        """The style of decimals with so many digits after the point."""
        return 6 + self.scales.index(scale)

    @property
    def xml(self) -> str:
        """The part itself. Formats 1 and 49 are built in: whole numbers, and text (18.8.30)."""
        formats = [(164, "yyyy-mm-dd"), (165, "yyyy-mm-dd hh:mm:ss")]
        formats += [
            (166 + n, "0" if not scale else f"0.{'0' * scale}")
            for n, scale in enumerate(self.scales)
        ]
        shown = [(0, 0), (49, 1), (49, 0), (164, 0), (165, 0), (1, 0)]
        shown += [(166 + n, 0) for n in range(len(self.scales))]
        fills = '<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
        return (
            f'{_XML}<styleSheet xmlns="{_MAIN}">'
            + _counted("numFmts", [_number_format(*one) for one in formats])
            + _counted("fonts", [_font(""), _font("<b/>")])
            + f'<fills count="2">{fills}</fills>'
            + '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
            + '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
            + _counted("cellXfs", [_shown(*one) for one in shown])
            + '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
            + "</styleSheet>"
        )


def core(name: Name) -> str:
    """Which data these are; neither an author nor a time."""
    identity = f"{name.slug} v{name.number} sha-256 {name.manifest_sha256}"
    return (
        f'{_XML}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:identifier>{escape(identity)}</dc:identifier></cp:coreProperties>"
    )


def sheet_head(columns: Sequence[Column]) -> str:
    """What stands before the rows: the head stays in view, dates fit their columns."""
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{_WIDTHS.get(column.type, _WIDTH)}" customWidth="1"/>'
        for n, column in enumerate(columns, 1)
    )
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews><cols>{widths}</cols><sheetData>"
    )


def _counted(tag: str, items: Sequence[str]) -> str:
    return f'<{tag} count="{len(items)}">{"".join(items)}</{tag}>'


def _number_format(number: int, code: str) -> str:
    return f'<numFmt numFmtId="{number}" formatCode="{escape(code)}"/>'


def _font(mark: str) -> str:
    return f'<font>{mark}<sz val="11"/><name val="Calibri"/></font>'


def _shown(number_format: int, font: int) -> str:
    return (
        f'<xf numFmtId="{number_format}" fontId="{font}" fillId="0" borderId="0" xfId="0" '
        'applyNumberFormat="1" applyFont="1"/>'
    )
