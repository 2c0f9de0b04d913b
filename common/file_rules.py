"""How large a file from outside may be, and how its refusal is told."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

MIB = 1024 * 1024


class FileError(ValueError):
    """A file that is refused; str() is a sentence that says what, where and what to do.

    ``code`` is stable and meant for tests and logs, for example "formula" or "too_many_rows".
    """

    def __init__(self, sentence: str, *, code: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True)
class Limits:
    """What a file may cost us.  Everything is measured, nothing believed from its headers."""

    max_bytes: int = 10 * MIB
    unpacked: int = 64 * MIB
    ratio: int = 200
    members: int = 1_000
    sheets: int = 60
    rows: int = 60_000
    columns: int = 300
    cells: int = 600_000
    characters: int = 12_000_000
    empty_run: int = 5_000


DEFAULT_LIMITS = Limits()


def address(row: int, column: int) -> str:
    """The name of a cell counted from zero: (6, 1) is B7."""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row + 1}"


def damaged(detail: str = "") -> FileError:
    """The refusal of a file that does not follow its own format."""
    sentence = _("The file is damaged or was not finished. Open it, save it again and send it.")
    return FileError(f"{sentence} ({detail})" if detail else sentence, code="damaged")


def too_large(limits: Limits) -> FileError:
    """The refusal of a file whose bytes alone are too many."""
    sentence = _("The file is larger than %(size)d MB. Split it, or remove pictures from it.")
    return FileError(sentence % {"size": limits.max_bytes // MIB}, code="too_large")


def too_big_inside(limits: Limits) -> FileError:
    """The refusal of a file that unpacks to far more than it weighs."""
    return FileError(
        _(
            "Unpacked, the file is larger than we accept (%(size)d MB)."
            " Delete what does not belong in it, or split it."
        )
        % {"size": limits.unpacked // MIB},
        code="unpacked_size",
    )


def packed_too_tightly(name: str, limits: Limits) -> FileError:
    """The refusal of a part that grows suspiciously when it is unpacked."""
    return FileError(
        _(
            "A part of the file (%(name)s) unpacks to more than %(ratio)d times its size."
            " Copy the table into a new workbook and send that."
        )
        % {"name": name[:100], "ratio": limits.ratio},
        code="ratio",
    )


def too_many_cells(limits: Limits, title: str = "") -> FileError:
    """The refusal of too much content, in one sheet or in all together."""
    where = _(" (sheet “%(title)s”)") % {"title": title} if title else ""
    return FileError(
        _("The file has more than %(number)d cells%(where)s. Split it into smaller files.")
        % {"number": limits.cells, "where": where},
        code="too_many_cells",
    )


def too_many_rows(limits: Limits, title: str) -> FileError:
    """The refusal of a sheet that is too long."""
    return FileError(
        _("The sheet “%(title)s” has more than %(number)d rows. Split it into smaller files.")
        % {"title": title, "number": limits.rows},
        code="too_many_rows",
    )


def too_many_columns(limits: Limits, title: str, cell: str) -> FileError:
    """The refusal of a sheet that is too wide."""
    return FileError(
        _(
            "The sheet “%(title)s” has more than %(number)d columns (there is something in"
            " %(cell)s). Delete the columns beside the table."
        )
        % {"title": title, "number": limits.columns, "cell": cell},
        code="too_many_columns",
    )


def too_many_sheets(limits: Limits) -> FileError:
    """The refusal of a workbook with far too many sheets."""
    sentence = _("The workbook has more than %(number)d sheets. Split it into smaller files.")
    return FileError(sentence % {"number": limits.sheets}, code="too_many_sheets")


def too_much_text(limits: Limits) -> FileError:
    """The refusal of more text than a plan or report can have."""
    return FileError(
        _("The file has more than %(number)d characters of text. Split it into smaller files.")
        % {"number": limits.characters},
        code="too_much_text",
    )


def empty_rows(title: str, first: int, last: int) -> FileError:
    """The refusal of a long run of empty rows, counted from zero."""
    return FileError(
        _(
            "The sheet “%(title)s” has a long run of empty rows (%(first)d to %(last)d)."
            " Delete the empty rows and save it again."
        )
        % {"title": title, "first": first + 1, "last": last + 1},
        code="empty_rows",
    )


def formula(title: str, cell: str) -> FileError:
    """The refusal of a formula: what it shows depends on who opens it."""
    return FileError(
        _(
            "The cell %(cell)s of the sheet “%(title)s” holds a formula. Replace it with its"
            " value (copy, then paste special: values)."
        )
        % {"title": title, "cell": cell},
        code="formula",
    )


def error_value(title: str, cell: str) -> FileError:
    """The refusal of a cell that shows an error such as #DIV/0!."""
    return FileError(
        _("The cell %(cell)s of the sheet “%(title)s” shows an error. Correct it or empty it.")
        % {"title": title, "cell": cell},
        code="error_value",
    )


def macros() -> FileError:
    """The refusal of a workbook that carries a program."""
    return FileError(
        _("The workbook contains macros. Save it as a workbook without macros (.xlsx)."),
        code="macros",
    )


def external_link(name: str) -> FileError:
    """The refusal of a workbook that fetches something from elsewhere."""
    return FileError(
        _(
            "The workbook has a link to another file or data source (%(name)s)."
            " Break the links (Data, Edit Links) and save it again."
        )
        % {"name": name[:100]},
        code="external_link",
    )


def encrypted() -> FileError:
    """The refusal of a file that only its sender can open."""
    return FileError(
        _("The file is protected with a password. Save it without a password."), code="encrypted"
    )


def wrong_type(what: str) -> FileError:
    """The refusal of a file whose content is not what its name says."""
    return FileError(
        _("The file is %(what)s. Send a workbook (.xlsx or .ods) or a CSV file.") % {"what": what},
        code="wrong_type",
    )
