"""The workbook sent back with its mistakes marked, in the cells they stand in."""

from typing import IO

from common.cells import Value
from reports.exchange.layout import Part
from reports.exchange.outgoing import Mark, write_report
from reports.exchange.preview import preview
from reports.exchange.reading import contents_of, typed_cells
from reports.models import Upload


def marked_copy(upload: Upload) -> IO[bytes]:
    """The workbook as it came back, its wrong cells red and with a comment, at its start.

    It can be corrected and sent again: it keeps what each section was when it went out first.
    """
    contents, found = contents_of(upload), preview(upload)
    typed = dict(typed_cells(contents))
    given: dict[tuple[Part, str, str, str], Value] = {
        (Part(part), section, cell, column): at.value
        for (part, section, cell, column), at in typed.items()
    }
    versions = {section: at.version for (_part, section, _cell, _column), at in typed.items()}
    marks = [Mark(e.part, e.key, e.column, e.text) for e in found.errors]
    return write_report(
        found.report, language=contents.language, given=given, marks=marks, versions=versions
    )
