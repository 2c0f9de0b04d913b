"""What changed in a report since one of its revisions, in a short sentence."""

import json
from typing import Any

from django.utils.translation import gettext as _

from reports.content import content_of
from reports.models import Report

NAMED = 12


def _parts(content: dict[str, Any]) -> dict[str, Any]:
    """The parts of a content by what they are called; files of evidence are none of a workbook."""
    lines = {line["indicator"]: {**line, "evidence": None} for line in content.get("lines", [])}
    actions = {row["action"]: {**row, "evidence": None} for row in content.get("actions", [])}
    return {**lines, **actions, _("Narrative"): content.get("narrative")}


def changed_since(report: Report, revision: int) -> str:
    """A sentence that names what changed; empty where that revision was never submitted."""
    frozen = report.revisions.filter(number=revision).first()
    if frozen is None:
        return ""
    before, now = _parts(json.loads(frozen.content)), _parts(json.loads(content_of(report)))
    names = [name for name in now if before.get(name) != now[name]]
    if not names:
        return _("Nothing in it changed since.")
    more = _(" and %(number)d more") % {"number": len(names) - NAMED} if len(names) > NAMED else ""
    return _("Changed since: %(names)s%(more)s.") % {
        "names": ", ".join(names[:NAMED]),
        "more": more,
    }
