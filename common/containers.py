"""The two workbook containers: which parts are read, and what makes a file refused unopened."""

from dataclasses import dataclass, field
from io import BytesIO
from posixpath import normpath

from django.utils.translation import gettext as _

from common import file_rules as rules
from common.archives import Archive, Repacked
from common.file_rules import FileError, Limits
from common.ods_scan import OdsContent
from common.xlsx_scan import SharedStrings, XlsxSheet
from common.xml_scan import Attributes, Scan, Tally, local, scan

ODS_MIME = b"application/vnd.oasis.opendocument.spreadsheet"

_ROOT = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="xl/workbook.xml" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/officeDocument"/></Relationships>'
)
_SHEETS = "xl/worksheets/"
_LISTED = (_SHEETS, "xl/chartsheets/", "xl/dialogsheets/")
_BOOK, _BOOK_RELS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_SHARED, _STYLES = "xl/sharedStrings.xml", "xl/styles.xml"
_OUTSIDE = ("xl/externallinks/", "xl/connections.xml", "xl/querytables/")
_MACROS = ("xl/vbaproject.bin", "xl/macrosheets/", "basic/", "scripts/")


@dataclass
class Relations(Scan):
    """A .rels part: which part each name stands for; refuses what points outside."""

    targets: dict[str, str] = field(default_factory=dict)

    def start(self, name: str, attributes: Attributes) -> None:
        """A hyperlink a person clicks is harmless; anything fetched is not."""
        if name != "Relationship":
            return
        kind, target = attributes.get("Type", ""), attributes.get("Target", "")
        if attributes.get("TargetMode", "") == "External":
            if not kind.endswith("/hyperlink"):
                raise rules.external_link(target)
        else:
            self.targets[attributes.get("Id", "")] = normpath(
                target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            )


class Types(Scan):
    """[Content_Types].xml: says whether the file is a workbook with macros."""

    def start(self, _name: str, attributes: Attributes) -> None:
        """A renamed .xlsm keeps its content type."""
        if "macroenabled" in attributes.get("ContentType", "").lower():
            raise rules.macros()


@dataclass
class Book(Scan):
    """xl/workbook.xml: the titles of the sheets by the name of their relation."""

    limits: Limits
    titles: dict[str, str] = field(default_factory=dict)

    def start(self, name: str, attributes: Attributes) -> None:
        """One sheet."""
        if name == "sheet":
            key = local(attributes, "id")
            if key in self.titles:
                raise rules.damaged(_("two sheets of one part"))
            self.titles[key] = attributes.get("name", "")
        if len(self.titles) > self.limits.sheets:
            raise rules.too_many_sheets(self.limits)


class Manifest(Scan):
    """META-INF/manifest.xml: says whether the file is encrypted."""

    def start(self, name: str, _attributes: Attributes) -> None:
        """One mark is enough."""
        if name == "encryption-data":
            raise rules.encrypted()


def kind_of(archive: Archive) -> str:
    """ "xlsx" or "ods", by what is inside.

    Raises:
        FileError: it is something else, named where we know it.
    """
    names = set(archive.names)
    if "mimetype" in names:
        if archive.read("mimetype").strip() == ODS_MIME:
            return "ods"
        raise rules.wrong_type(_("another kind of document (not a workbook)"))
    if _BOOK in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        raise rules.wrong_type(_("a binary workbook (.xlsb)"))
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise rules.wrong_type(_("a text or a presentation (not a workbook)"))
    raise rules.wrong_type(_("an archive (not a workbook)"))


def checked_ods(archive: Archive) -> BytesIO:
    """The content of an ODS file after its checks, repacked."""
    _refuse_by_name(archive)
    with Repacked() as copy:
        copy.add("mimetype", ODS_MIME.decode())
        copy.check(archive, "META-INF/manifest.xml", Manifest())
        copy.check(archive, "content.xml", OdsContent(Tally(archive.limits)))
    return copy.file


def checked_xlsx(archive: Archive) -> BytesIO:
    """The sheets of an XLSX file after their checks, repacked."""
    _refuse_by_name(archive)
    scan(archive.chunks("[Content_Types].xml"), Types(), "[Content_Types].xml")
    for name in archive.names:
        if name.lower().endswith(".rels"):
            scan(archive.chunks(name), Relations(), name)
    with Repacked() as copy:
        copy.add("_rels/.rels", _ROOT)
        titles = _titles(archive, copy)
        strings = SharedStrings(archive.limits)
        for name, handler in ((_STYLES, Scan()), (_SHARED, strings)):
            if name in archive.names:
                copy.check(archive, name, handler)
        _copy_sheets(archive, copy, titles, strings.lengths)
    return copy.file


def _titles(archive: Archive, copy: Repacked) -> dict[str, str]:
    """The title of each sheet by the name of its part, which the library reads once for each."""
    book, relations = Book(archive.limits), Relations()
    copy.check(archive, _BOOK, book)
    copy.check(archive, _BOOK_RELS, relations)
    targets = relations.targets
    titles = {targets.get(key, "").lower(): title for key, title in book.titles.items()}
    if len(titles) < len(book.titles):
        raise rules.damaged(_("two sheets of one part"))
    for part, title in titles.items():
        if not part.startswith(_LISTED):  # another part is not checked as a sheet
            raise rules.damaged(title[:100])
    return titles


def _copy_sheets(
    archive: Archive, copy: Repacked, titles: dict[str, str], lengths: list[int]
) -> None:
    """Check and keep every worksheet, listed in the workbook or not."""
    tally = Tally(archive.limits)
    parts = [name for name in archive.names if name.startswith(_SHEETS) and name.endswith(".xml")]
    if len(parts) > archive.limits.sheets:
        raise rules.too_many_sheets(archive.limits)
    for name in parts:
        copy.check(archive, name, XlsxSheet(titles.get(name.lower()) or name, tally, lengths))


def _refuse_by_name(archive: Archive) -> None:
    """Macros and outside sources show in the names of the parts."""
    error: FileError | None = None
    for name in archive.names:
        if name.lower().startswith(_MACROS) or "vbaproject" in name.lower():
            raise rules.macros()
        if name.lower().startswith(_OUTSIDE):
            error = error or rules.external_link(name)
    if error:
        raise error
