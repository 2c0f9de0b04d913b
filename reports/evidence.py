"""Files that back a report: checked, stored under their SHA-256, and never served as pages.

The bytes are on disk for good before the row that names them commits.
"""

import hashlib
import os
import re
import struct
import tempfile
import unicodedata
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from common.file_rules import MIB, FileError
from reports import rules
from reports.errors import NotAllowed
from reports.file_types import FileType, type_of
from reports.models import ActionProgress, Evidence, Line, Report, Revision
from reports.pictures import bare
from reports.services import hold_for_ministry

MAX_FILES = 300
"""Of one report."""

_UNSAFE = re.compile(r'[<>:"|?*;%]+')
_NAME_LENGTH = 150


def clean_name(name: str) -> str:
    """A file's own name without folders, control and direction marks, shortened in the middle."""
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C")
    stem, _point, extension = _UNSAFE.sub("-", name).strip(" .").rpartition(".")
    return f"{stem[:_NAME_LENGTH].strip() or _('file')}.{extension[:20]}"


def path_of(sha256: str) -> Path:
    """Where the bytes of this hash stand."""
    return Path(settings.EVIDENCE_ROOT) / sha256[:2] / sha256


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def put(data: bytes) -> str:
    """Write bytes under their hash so that they survive a power cut; returns the hash."""
    sha256 = hashlib.sha256(data).hexdigest()
    target = path_of(sha256)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(target)
    _sync_folder(target.parent)
    _sync_folder(target.parent.parent)
    return sha256


def _checked(upload: UploadedFile) -> tuple[str, FileType, bytes]:
    """The clean name, the type and the bytes to keep.

    Raises:
        FileError: too large, empty, of a type we do not take, or not what it says.
    """
    if (upload.size or 0) > settings.EVIDENCE_MAX_BYTES:
        sentence = _("The file is larger than %(size)d MB. Send a smaller one, or a part of it.")
        size = settings.EVIDENCE_MAX_BYTES // MIB
        raise FileError(sentence % {"size": size}, code="too_large")
    data = upload.read()
    if not data:
        raise FileError(_("The file is empty."), code="empty")
    name = clean_name(upload.name or "")
    kind = type_of(name, data)
    try:
        return name, kind, bare(data, kind.content_type)
    except struct.error as error:
        raise FileError(_("The picture is damaged. Save it again."), code="damaged") from error


@transaction.atomic
def _file(report: Report, by: User, values: dict[str, object]) -> Evidence:
    """The row that names the bytes; the same file for the same thing twice is one row."""
    hold_for_ministry(report, by)
    place = {"line": values["line"], "action": values["action"], "sha256": values["sha256"]}
    if known := Evidence.objects.filter(report=report, **place).first():
        return known
    if report.evidence.count() >= MAX_FILES:
        raise FileError(_("This report has too many files already."), code="too_many")
    evidence = Evidence.objects.create(report=report, uploaded_by=by, **values)
    record("evidence.added", by=by.email, about=report, **_told(evidence))
    return evidence


def _told(evidence: Evidence) -> dict[str, object]:
    return {"evidence": evidence.pk, "name": evidence.name, "sha256": evidence.sha256}


def add_evidence(
    report: Report,
    *,
    by: User,
    upload: UploadedFile,
    line: Line | None = None,
    action: ActionProgress | None = None,
) -> Evidence:
    """Store a file for a report, or for one line or action of it.

    Side effect: the bytes are on disk even when the row is refused after all.

    Raises:
        FileError: the file is not one we take.
        NotAllowed, Conflict: see errors.py.
    """
    if not rules.can_edit(by, report):
        raise NotAllowed("evidence", report)
    name, kind, data = _checked(upload)
    values: dict[str, object] = {
        "line": line,
        "action": action,
        "name": name,
        "sha256": put(data),
        "size": len(data),
        "content_type": kind.content_type,
    }
    return _file(report, by, values)


def is_frozen(evidence: Evidence) -> bool:
    """Whether a submitted revision names this file: then it stays for good."""
    frozen = Revision.objects.filter(report=evidence.report_id)
    return frozen.filter(content__contains=f'"{evidence.sha256}"').exists()


@transaction.atomic
def remove_evidence(evidence: Evidence, *, by: User) -> None:
    """Take a file off a report. Its bytes stay on disk: another report may name them.

    Raises:
        FileError: it was submitted with a revision; what was reviewed stays.
        NotAllowed, Conflict: see errors.py.
    """
    hold_for_ministry(evidence.report, by)
    if is_frozen(evidence):
        sentence = _(
            "This file was submitted with an earlier version of the report, so it stays."
            " Add the better one beside it."
        )
        raise FileError(sentence, code="frozen")
    record("evidence.removed", by=by.email, about=evidence.report, **_told(evidence))
    evidence.delete()


def may_read(evidence: Evidence, user: User) -> bool:
    """Whether a person who sees the report reads this file of it.

    The own people read every file; others only what was submitted, and of an indicator with
    protected figures only who reads its true figures.
    """
    report = evidence.report
    if rules.sees_live(user, report):
        return True
    if evidence.line and not rules.sees_true_figures(user, report, evidence.line.indicator):
        return False
    return is_frozen(evidence)


@transaction.atomic
def log_reading(evidence: Evidence, by: User) -> None:
    """Note in the log who took a copy."""
    record("evidence.read", by=by.email, about=evidence, **_told(evidence))
