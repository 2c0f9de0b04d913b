"""The statuses and the cautions in words, the same on the page and in the workbook."""

from django.utils.translation import gettext as _

from indicators.choices import Mark, Status


def explained() -> dict[str, list[tuple[Status | Mark, str]]]:
    """Each status and each caution with what it means."""
    return {
        "statuses": [
            (Status.ACHIEVED, _("The final target is reached, and enough institutions reported.")),
            (Status.ON_TRACK, _("The pace is at least 0.95 of what was due by now.")),
            (Status.AT_RISK, _("The pace is between 0.70 and 0.95 of what was due by now.")),
            (Status.OFF_TRACK, _("The pace is below 0.70 of what was due by now.")),
            (Status.REGRESSING, _("It is worse than where it started.")),
            (Status.MET, _("The starting point is unknown; the target is reached.")),
            (Status.NOT_MET, _("The starting point is unknown; the target is not reached.")),
            (Status.REPORTED, _("There is a figure, and nothing to hold it against.")),
            (Status.NO_DATA, _("A figure was due, and none was given.")),
            (Status.NOT_AVAILABLE, _("The institution says why there is no figure.")),
            (Status.NOT_APPLICABLE, _("The institution says why it does not apply.")),
            (Status.NOT_DUE, _("Nothing was due yet.")),
        ],
        "marks": [
            (Mark.PROVISIONAL, _("Fewer than 80 % of the institutions reported.")),
            (Mark.STALE, _("The figure is older than one period.")),
            (Mark.REVISED_TARGET, _("The target was changed. The earlier one stays visible.")),
            (Mark.INCOMPLETE, _("A denominator or an earlier quarter is missing.")),
        ],
    }
