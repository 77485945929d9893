"""A workbook in Office Open XML, whose bytes depend on its cells alone.

Written here and not with a library: those at hand take ten times as long a row, and leave the packing to the machine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pipelines.formats.sheet import DATE, GENERAL, HEADER, MAIN, TEXT, Column, sheet, xml_text
from pipelines.formats.zip import write_zip

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_CORE = "application/vnd.openxmlformats-package.core-properties+xml"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_AS_TEXT, _AS_DATE = 49, 164  # number formats: the built-in one for text, and the first of one's own
_FORMATS = {GENERAL: (0, 0), HEADER: (_AS_TEXT, 1), DATE: (_AS_DATE, 0), TEXT: (_AS_TEXT, 0)}  # number, font
_FONT = '<sz val="11"/><name val="Calibri"/>'
_CELL = '<xf numFmtId="{}" fontId="{}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>'
_STYLES = (
    f'<styleSheet xmlns="{MAIN}">'
    f'<numFmts count="1"><numFmt numFmtId="{_AS_DATE}" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    f'<fonts count="2"><font>{_FONT}</font><font><b/>{_FONT}</font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    f'<cellXfs count="{len(_FORMATS)}">{"".join(_CELL.format(*_FORMATS[n]) for n in sorted(_FORMATS))}</cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def write_workbook(out: Path, title: str, sheets: Mapping[str, Sequence[Column]]) -> None:
    """Write sheets (plain name -> columns of one length).

    Text beyond LONGEST_TEXT and columns beyond MOST_COLUMNS are the caller's to keep out.
    """
    texts: dict[str, int] = {}
    made = {f"worksheets/sheet{n}.xml": sheet(columns, texts) for n, columns in enumerate(sheets.values(), 1)}
    shared = "".join(f'<si><t xml:space="preserve">{xml_text(text)}</t></si>' for text in texts)
    listed = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(sheets, 1))
    links = dict.fromkeys(made, "worksheet") | {"styles.xml": "styles", "sharedStrings.xml": "sharedStrings"}
    write_zip(
        out,
        {
            "[Content_Types].xml": _content_types(links),
            "_rels/.rels": _relations(
                {
                    "xl/workbook.xml": f"{_OFFICE}/officeDocument",
                    "docProps/core.xml": f"{_PACKAGE}/relationships/metadata/core-properties",
                }
            ),
            "docProps/core.xml": _part(
                f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
                f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{xml_text(title)}</dc:title></cp:coreProperties>'
            ),
            "xl/workbook.xml": _part(
                f'<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}"><bookViews><workbookView/></bookViews>'
                f"<sheets>{listed}</sheets></workbook>"
            ),
            "xl/_rels/workbook.xml.rels": _relations({name: f"{_OFFICE}/{kind}" for name, kind in links.items()}),
            "xl/styles.xml": _part(_STYLES),
            "xl/sharedStrings.xml": _part(f'<sst xmlns="{MAIN}" uniqueCount="{len(texts)}">{shared}</sst>'),
            **{f"xl/{name}": content for name, content in made.items()},
        },
    )


def _part(xml: str) -> bytes:
    return (_XML + xml).encode()


def _relations(targets: Mapping[str, str]) -> bytes:
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{kind}" Target="{name}"/>'
        for n, (name, kind) in enumerate(targets.items(), 1)
    )
    return _part(f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>')


def _content_types(parts: Mapping[str, str]) -> bytes:
    kinds = {f"xl/{name}": f"{_KIND}.{kind}+xml" for name, kind in parts.items()}
    kinds |= {"xl/workbook.xml": f"{_KIND}.sheet.main+xml", "docProps/core.xml": _CORE}
    named = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in kinds.items())
    return _part(
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{named}</Types>'
    )
