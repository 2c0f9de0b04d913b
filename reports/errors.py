"""Why a decision or a save did not happen. Each carries what the person needs to go on."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reports.checks import LineFault
    from reports.exchange.preview import Preview
    from reports.missing import Missing
    from reports.models import Report
    from reports.models.content import Section


class WorkflowError(Exception):
    """A refusal that left everything as it was."""


class NotAllowed(WorkflowError):
    """This person may not do that with this report."""

    def __init__(self, action: str, report: "Report") -> None:
        super().__init__(f"{action} on report {report.pk}")
        self.action, self.report = action, report


class Conflict(WorkflowError):
    """Somebody was faster: the report moved on since the page was opened."""

    def __init__(self, report: "Report") -> None:
        super().__init__(f"report {report.pk} moved on")
        self.report = report


class TakenOver(Conflict):
    """A workbook that was taken over already: confirmed twice, or in a second tab."""


class ReasonMissing(WorkflowError):
    """The decision needs a reason."""


class Incomplete(WorkflowError):
    """A submission with gaps."""

    def __init__(self, gaps: list["Missing"]) -> None:
        super().__init__(f"{len(gaps)} gaps")
        self.gaps = gaps


class Stale(WorkflowError):
    """A part was saved by somebody else since it was opened; `current` is what stands now."""

    def __init__(self, current: "Section") -> None:
        super().__init__(f"{type(current).__name__} {current.pk} was saved meanwhile")
        self.current = current


class Faulty(WorkflowError):
    """Figures of a line contradict each other; nothing was saved."""

    def __init__(self, faults: "list[LineFault]") -> None:
        super().__init__("; ".join(fault.text for fault in faults))
        self.faults = faults


class Unclean(WorkflowError):
    """A workbook that cannot be taken over as it is; the preview says why."""

    def __init__(self, preview: "Preview") -> None:
        super().__init__(f"{len(preview.errors)} errors in an uploaded workbook")
        self.preview = preview
