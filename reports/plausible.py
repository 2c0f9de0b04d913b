"""What about a report's figures is worth a question, in sentences that name the cells.

Form, workbook, review page and the list of what is missing all take their sentences from here.
A warning asks for a comment on its line, an error forbids the submission; neither refuses a save.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.cells import TOTAL, cells_of
from indicators.choices import Relation, RuleScope, Severity
from indicators.models import ConsistencyRule, Indicator
from indicators.models.consistency import measure_of
from indicators.plausibility import DoubtCode, are_comparable, check_relation, doubts_about
from reports.checks import total_name
from reports.doubt_words import contradiction, doubt_sentence
from reports.models import Line, Observation, Report
from reports.queries import earlier_figures

Answers = Mapping[str, Observation]
History = Mapping[tuple[int, str], Sequence[Observation]]
"""Per indicator and cell what the institution reported before, oldest first."""


@dataclass(frozen=True)
class Said:
    """What a report says of one indicator: the answers by cell, and the comment on them."""

    indicator: Indicator
    answers: Answers
    note: str = ""


@dataclass(frozen=True)
class Doubt:
    """One doubt about a line: the cell and field it stands at, and the sentence.

    `is_explained` once a comment stands beside the figure, or beside the other one that it
    contradicts: `other` is the key of that indicator. A contradiction is told at both lines;
    `is_told_again` at the second.
    """

    cell: str
    field: str
    code: DoubtCode
    text: str
    severity: Severity = Severity.WARNING
    is_explained: bool = False
    is_told_again: bool = False
    other: int = 0

    @property
    def blocks(self) -> bool:
        """Whether a report with it cannot be submitted as it is."""
        return self.severity == Severity.ERROR or not self.is_explained

    @property
    def asking(self) -> str:
        """The sentence, with what to do about it while something is to be done."""
        if self.severity == Severity.ERROR:
            return _("%(doubt)s Correct it before you submit.") % {"doubt": self.text}
        if self.is_explained:
            return self.text
        if self.code == DoubtCode.RUNNING_TOTAL_FELL:
            sentence = _("%(doubt)s If it is a correction, say so in the comment, and why.")
        else:
            sentence = _("%(doubt)s If it is right, say why in the comment.")
        return sentence % {"doubt": self.text}

    @property
    def note(self) -> str:
        """The same beside a field, with a word for what it is."""
        is_error = self.severity == Severity.ERROR
        word = _("Contradiction") if is_error else _("Worth a look")
        return f"{word} – {self.asking}"


Doubts = dict[int, list[Doubt]]
"""By the indicator's primary key; an indicator without doubts is not in it."""


@dataclass(frozen=True)
class _Asked:
    """Everything that is held against each other."""

    lines: Mapping[int, Said]
    history: History
    rules: Sequence[ConsistencyRule]
    hides: Callable[[Indicator], bool]
    found: Doubts = field(default_factory=dict)


def nothing_hidden(indicator: Indicator) -> bool:
    """Whose figures these are reads all of them."""
    return False


def doubts_of(
    lines: Iterable[Said],
    history: History,
    rules: Sequence[ConsistencyRule],
    *,
    hides: Callable[[Indicator], bool] = nothing_hidden,
) -> Doubts:
    """Every doubt about the lines of one report, in the active language. Asks no database.

    `hides` says of which indicators the reader may not read the figures: nothing is told of them,
    nor of what contradicts them, for that would tell them.
    """
    asked = _Asked({s.indicator.pk: s for s in lines}, history, rules, hides)
    for pk, said in asked.lines.items():
        if hides(said.indicator):
            continue
        found = [*_own_doubts(said, history), *_contradictions(said, asked)]
        if found:
            asked.found[pk] = found
    return asked.found


def rules_in_force(plan_id: int) -> list[ConsistencyRule]:
    """The rules of a plan between two indicators, in one query."""
    return list(ConsistencyRule.objects.filter(plan=plan_id, is_active=True))


def settled(history: History) -> History:
    """Without reports that are being corrected: they show nobody yet what is usual."""
    return {
        place: [row for row in rows if not row.line.report.state.is_editable]
        for place, rows in history.items()
    }


def said_in(lines: Iterable[Line]) -> list[Said]:
    """What lines say as they are stored now; their observations are at hand."""
    return [
        Said(line.indicator, {o.cell: o for o in line.observations.all()}, line.note)
        for line in lines
    ]


def live_doubts(report: Report, lines: Iterable[Line], history: History | None = None) -> Doubts:
    """The doubts about a report as it stands now, for its own people and the secretariat.

    Two queries, one where the history is at hand; `lines` are all of its lines.
    """
    before = earlier_figures(report) if history is None else history
    return doubts_of(said_in(lines), settled(before), rules_in_force(report.period.plan_id))


def doubts_of_line(report: Report, line: Line, history: History) -> list[Doubt]:
    """The doubts about one line; other lines are read only where a rule names them with it.

    Two queries at most.
    """
    rules = rules_in_force(report.period.plan_id)
    others = {pk for rule in rules for pk in (rule.left_id, rule.right_id)}
    lines = [line]
    if any(line.indicator_id in (rule.left_id, rule.right_id) for rule in rules):
        rows = report.lines.filter(indicator__in=others).exclude(pk=line.pk)
        lines += rows.select_related("indicator").prefetch_related("observations")
    return doubts_of(said_in(lines), settled(history), rules).get(line.indicator_id, [])


# ------------------------------------------------------------------ one line on its own


def _own_doubts(said: Said, history: History) -> Iterator[Doubt]:
    indicator = said.indicator
    labels = _labels(indicator)
    cells = {key: said.answers[key].amount for key in labels if key in said.answers}
    before = {cell: _figures(history.get((indicator.pk, cell), ())) for cell in cells}
    for found in doubts_about(measure_of(indicator), cells, before):
        text = doubt_sentence(found, indicator, labels[found.cell])
        yield Doubt(
            found.cell or TOTAL,
            _field_of(indicator),
            found.code,
            text,
            is_explained=bool(said.note.strip()),
        )


def _labels(indicator: Indicator) -> dict[str, str]:
    return {cell.key: cell.label for cell in cells_of(indicator, total_name(indicator))}


def _figures(observations: Iterable[Observation]) -> list[Decimal]:
    """The earlier values; an answer without a figure takes no part."""
    return [figure for o in observations if (figure := o.figure) is not None]


def _field_of(indicator: Indicator) -> str:
    return "numerator" if indicator.is_share else "value"


# ------------------------------------------------------------------ two lines of a report


def _contradictions(said: Said, asked: _Asked) -> Iterator[Doubt]:
    pk = said.indicator.pk
    for rule in asked.rules:
        other = asked.lines.get(
            {rule.left_id: rule.right_id, rule.right_id: rule.left_id}.get(pk, 0)
        )
        if other is None or asked.hides(other.indicator):
            continue
        if are_comparable(measure_of(said.indicator), measure_of(other.indicator)):
            yield from _broken(rule, said, other)


def _broken(rule: ConsistencyRule, said: Said, other: Said) -> Iterator[Doubt]:
    """Where two lines break a rule, told from the side of the first."""
    is_left = rule.left_id == said.indicator.pk
    labels, known = _labels(said.indicator), _labels(other.indicator)
    cells = [TOTAL] if rule.scope == RuleScope.TOTAL else [cell for cell in labels if cell in known]
    for cell in cells:
        ours, theirs = _figure(said, cell), _figure(other, cell)
        pair = (ours, theirs) if is_left else (theirs, ours)
        for found in check_relation(Relation(rule.relation), *pair, cell=cell):
            left, right = found.stated, found.against
            stated, against = (left, right) if is_left else (right, left)
            names = (labels[cell], known[cell])
            yield Doubt(
                cell,
                _field_of(said.indicator),
                found.code,
                contradiction(rule, names, (said.indicator, stated), (other.indicator, against)),
                Severity(rule.severity),
                is_explained=bool(said.note.strip() or other.note.strip()),
                is_told_again=not is_left,
                other=other.indicator.pk,
            )


def _figure(said: Said, cell: str) -> Decimal | None:
    answer = said.answers.get(cell)
    return answer.figure if answer else None


def by_cell(doubts: Iterable[Doubt]) -> dict[str, list[Doubt]]:
    """The doubts of a line, each at its cell."""
    found: dict[str, list[Doubt]] = {}
    for doubt in doubts:
        found.setdefault(doubt.cell, []).append(doubt)
    return found
