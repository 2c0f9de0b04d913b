"""Workbooks built by hand, part by part, as no honest program would write them."""

import zipfile
from collections.abc import Iterable
from io import BytesIO

_NS = "http://schemas.openxmlformats.org/"
_OFFICE = f"{_NS}officeDocument/2006/relationships"
XLSX_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_NS}package/2006/content-types"/>',
    "_rels/.rels": f'<Relationships xmlns="{_NS}package/2006/relationships"><Relationship '
    f'Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_NS}spreadsheetml/2006/main" xmlns:r="{_OFFICE}">'
    '<sheets><sheet name="Values" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_NS}package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    "</Relationships>",
}
SHEET = "xl/worksheets/sheet1.xml"
ODS_MIME = "application/vnd.oasis.opendocument.spreadsheet"
MANIFEST = '<m:manifest xmlns:m="urn:m"/>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

Content = str | bytes | Iterable[bytes]


def packed(parts: dict[str, Content], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP of these parts; a part may be given in pieces, so that a bomb needs no memory."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in parts.items():
            member = zipfile.ZipInfo(name)
            member.compress_type = method
            with archive.open(member, "w") as part:
                for piece in [content] if isinstance(content, (str, bytes)) else content:
                    part.write(piece.encode() if isinstance(piece, str) else piece)
    return file.getvalue()


def sheet_xml(rows: str) -> str:
    """A worksheet around rows."""
    return (
        f'<worksheet xmlns="{_NS}spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'
    )


def xlsx(rows: str = "", parts: dict[str, Content] | None = None) -> bytes:
    """An XLSX of one sheet with more parts, or other ones."""
    return packed({**XLSX_PARTS, SHEET: sheet_xml(rows), **(parts or {})})


def cell(reference: str, value: object = 1) -> str:
    """A row with one number in it."""
    row = reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return f'<row r="{row}"><c r="{reference}"><v>{value}</v></c></row>'


def ods(tables: str, more: dict[str, Content] | None = None) -> bytes:
    """An ODS around tables."""
    parts: dict[str, Content] = {
        "mimetype": ODS_MIME,
        "META-INF/manifest.xml": MANIFEST,
        "content.xml": '<o:document-content xmlns:office="urn:o" xmlns:o="urn:o"'
        ' xmlns:table="urn:t" xmlns:text="urn:x" xmlns:xlink="urn:l"><office:body>'
        f"<office:spreadsheet>{tables}</office:spreadsheet></office:body></o:document-content>",
    }
    return packed({**parts, **(more or {})})


def ods_table(rows: str, name: str = "Values") -> str:
    """One table of an ODS."""
    return f'<table:table table:name="{name}">{rows}</table:table>'


def ods_cell(text: str = "1", attributes: str = "") -> str:
    """One cell with a text."""
    return (
        f'<table:table-cell office:value-type="string" {attributes}>'
        f"<text:p>{text}</text:p></table:table-cell>"
    )


def ods_row(cells: str, repeated: int = 1) -> str:
    """One row, perhaps standing for many."""
    return f'<table:table-row table:number-rows-repeated="{repeated}">{cells}</table:table-row>'
