"""Doubts about a report: the same sentence in form, list of gaps, workbook and review page."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from indicators.choices import RuleScope, Sensitivity, Severity, ValueMeaning
from indicators.models import ConsistencyRule, Indicator
from reports.choices import ReportStatus
from reports.content import content_of
from reports.errors import Incomplete
from reports.exchange.layout import Part
from reports.exchange.outgoing import write_report
from reports.missing import Missing, missing_in
from reports.models import HistoricValue, ImportBatch, Line, Observation, Report, Revision
from reports.plausible import Doubt, Said, doubts_of, live_doubts, rules_in_force
from reports.queries import lines_for_form
from reports.review_queries import dossier_of
from tests import factory
from tests.conftest import World
from tests.reports.loose import dimension, indicator, told
from tests.reports.section_forms import line_form
from tests.reports.test_incoming import Book, put_in, seen
from tests.reports.test_outgoing import opened, places
from tests.reports.typed_forms import fields_on, fill_url, line_of, save_url, text_of

WHY = "If it is right, say why in the comment."


def past(world: World, *values: int, status: str = "validated", **fields: Any) -> None:
    """The quarters before this one with a value each, the last one in 2026 Q2."""
    for number, value in enumerate(reversed(values)):
        year, quarter = divmod(2026 * 4 + 1 - number, 4)
        period = factory.open_quarter(world.plan, year, quarter + 1)
        line = Line.objects.get(
            report__period=period,
            report__institution=world.defence,
            indicator=world.indicator,
        )
        Observation.objects.create(line=line, **{"value": value, **fields})
        Report.objects.filter(pk=line.report_id).update(revision=1, status=status)
        report = Report.objects.with_names().get(pk=line.report_id)
        Revision.objects.create(
            report=report,
            number=1,
            content=content_of(report),
            sha256="0" * 64,
            submitted_by=world.approver,
        )


def now_is(world: World, value: int | str, note: str = "") -> Report:
    """The report is filled in, with this figure for the first indicator."""
    factory.fill_in(world.now(), world.contributor)
    line = line_of(world)
    line.observations.update(value=Decimal(value))
    Line.objects.filter(pk=line.pk).update(note=note)
    return world.now()


def cases(world: World, value: int | None = 4, **rule: Any) -> tuple[Indicator, Report]:
    """A second count of the same ministry that the first one is at most, and the report with it."""
    Report.objects.all().delete()
    world.period.delete()
    made = factory.make_indicator(world.plan, "J1", world.defence, objective=world.objective)
    factory.make_rule("R1", world.indicator, made, **rule)
    period = factory.open_quarter(world.plan)
    reports = {r.institution_id: r for r in Report.objects.with_names().filter(period=period)}
    world.report, world.other_report = reports[world.defence.pk], reports[world.interior.pk]
    factory.fill_in(world.now(), world.contributor)
    if value is not None:
        world.report.lines.get(indicator=made).observations.update(value=value)
    return made, world.now()


def doubts(report: Report) -> list[str]:
    found = live_doubts(report, lines_for_form(report))
    return [doubt.text for line in found.values() for doubt in line]


def gaps(report: Report) -> list[tuple[str, str]]:
    return [(gap.anchor, gap.text) for gap in missing_in(report, lines_for_form(report))]


# ------------------------------------------------------------------ which history

JUMP = "Value: 90 is more than twice the value before, 20."


def test_the_history_is_what_the_institution_submitted_itself(world: World) -> None:
    past(world, 20)
    report = now_is(world, 90)
    assert doubts(report) == [JUMP]
    before = Line.objects.exclude(report=report).filter(observations__value=20)
    for status in ("submitted", "under_review", "published"):
        Report.objects.filter(lines__in=before).update(status=status)
        assert doubts(report) == [JUMP]
    # What is being corrected, or was never submitted, shows nobody yet what is usual.
    for change in ({"status": "returned"}, {"status": "validated", "revision": 0}):
        Report.objects.filter(lines__in=list(before)).update(**change)
        assert doubts(report) == []


def test_no_other_history_is_asked(world: World) -> None:
    """Not another institution's, not another plan's, and not figures of earlier sources."""
    period = factory.open_quarter(world.plan, 2026, 2)
    theirs = Line.objects.get(report__period=period, report__institution=world.interior)
    Observation.objects.create(line=theirs, value=20)
    period.reports.update(revision=1, status="validated")
    batch = ImportBatch.objects.create(plan=world.plan, name="a.csv", sha256="0" * 64, by="x")
    HistoricValue.objects.create(
        batch=batch,
        indicator=world.indicator,
        institution=world.defence,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        value=20,
        row=2,
        in_force=True,
    )
    assert HistoricValue.objects.filter(in_force=True).count() == 1
    assert doubts(now_is(world, 90)) == []


def test_a_long_history_says_what_is_usual(world: World) -> None:
    past(world, 98, 104, 96, 102)
    report = now_is(world, 160)
    assert doubts(report) == [
        "Value: 160 is far from the 4 values before, which lie from 96 to 104."
    ]
    line_of(world).observations.update(value=104)
    assert doubts(report) == []
    world.plan.indicators.update(value_meaning=ValueMeaning.RUNNING_TOTAL)
    line_of(world).observations.update(value=95)
    assert doubts(report) == ["Value: the running total fell from 102 to 95."]


def test_a_running_total_names_what_it_grew_by(world: World) -> None:
    past(world, 10, 20, 30, 40, 50)
    world.plan.indicators.update(value_meaning=ValueMeaning.RUNNING_TOTAL)
    assert doubts(now_is(world, 90)) == [
        "Value: the running total grew by 40; before, it grew by 10 to 10 each time."
    ]


def test_a_sentence_is_in_the_language_of_its_reader(world: World) -> None:
    _made, report = cases(world)
    sentences = {}
    for language in ("en", "sq"):
        with override(language):
            sentences[language] = doubts(report)
    assert [len(found) for found in sentences.values()] == [2, 2]
    assert sentences["en"][0].endswith("I1 is at most J1.")
    assert sentences["sq"][0].endswith("I1 është e shumta J1.")


# ------------------------------------------------------------------ submission


def test_a_doubt_waits_for_a_comment_and_nothing_else_is_missing(world: World) -> None:
    past(world, 20)
    report, line = now_is(world, 90), line_of(world)
    gap = Missing(f"line-{line.pk}", f"line-{line.pk}-note", "I1 Indicator I1", f"{JUMP} {WHY}")
    assert missing_in(report, lines_for_form(report)) == [gap]
    with pytest.raises(Incomplete) as refusal:
        factory.decide("submit", report, world.approver)
    assert refusal.value.gaps == [gap]
    assert world.now().state is ReportStatus.DRAFT

    for blank in (" ", "\n"):
        Line.objects.filter(pk=line.pk).update(note=blank)
        assert len(gaps(report)) == 1
    Line.objects.filter(pk=line.pk).update(note="Two schools opened.")
    assert gaps(report) == []
    assert factory.decide("submit", report, world.approver).state is ReportStatus.SUBMITTED


def test_a_fall_is_to_be_called_a_correction(world: World) -> None:
    past(world, 20)
    Indicator.objects.filter(pk=world.indicator.pk).update(value_meaning="running_total")
    report = now_is(world, 19)
    fell = "Value: the running total fell from 20 to 19."
    asked = f"{fell} If it is a correction, say so in the comment, and why."
    assert gaps(report) == [(f"line-{line_of(world).pk}-note", asked)]


def test_every_doubted_cell_is_named_and_one_comment_explains_them(world: World) -> None:
    factory.split(world.indicator, factory.make_dimension(world.plan, "sex", "f", "m"))
    Indicator.objects.filter(pk=world.indicator.pk).update(floor=10)
    report, line = now_is(world, 8), line_of(world)
    for cell, value in (("sex=f", 2), ("sex=m", 6)):
        Observation.objects.create(line=line, cell=cell, value=value)
    low = "{}: {} is below the lowest plausible value, 10."
    named = [low.format("Total", 8), low.format("F", 2), low.format("M", 6)]
    assert gaps(report) == [(f"line-{line.pk}-note", f"{text} {WHY}") for text in named]
    Line.objects.filter(pk=line.pk).update(note="A small quarter.")
    assert gaps(report) == []


def test_the_pages_before_a_submission_lead_to_the_comment(world: World) -> None:
    past(world, 20)
    now_is(world, 90)
    place = f"{fill_url(world.report, 'indicators-1')}#line-{line_of(world).pk}-note"
    link = f'<a href="{place}">I1 Indicator I1: {JUMP} {WHY}</a>'
    approver = world.client(world.approver)
    for address in ("?missing=1", "decide/submit/"):
        assert link in text_of(approver.get(f"/reports/{world.report.pk}/{address}"))
    page = approver.get(fill_url(world.report, "indicators-1"))
    assert f"line-{line_of(world).pk}-note" in fields_on(page)


# ------------------------------------------------------------------ two indicators

MORE = "Value: 5 is more than 4 in J1 (Value). I1 is at most J1."
LESS = "Value: 4 is less than 5 in I1 (Value). I1 is at most J1."


def test_a_contradiction_is_told_at_both_lines_and_listed_once(world: World) -> None:
    made, report = cases(world)
    assert doubts(report) == [MORE, LESS]
    assert gaps(report) == [(f"line-{line_of(world).pk}-note", f"{MORE} {WHY}")]
    for explained in (world.indicator, made):
        report.lines.update(note="")
        report.lines.filter(indicator=explained).update(note="Cases of last year.")
        assert gaps(report) == []


def test_an_error_blocks_whatever_the_comment_says(world: World) -> None:
    _made, report = cases(world, severity=Severity.ERROR)
    report.lines.update(note="It is so.")
    line = line_of(world)
    wrong = f"{MORE} Correct it before you submit."
    assert gaps(report) == [(f"line-{line.pk}-total-value", wrong)]
    with pytest.raises(Incomplete):
        factory.decide("submit", report, world.approver)
    line.observations.update(value=4)
    assert gaps(report) == []


@pytest.mark.parametrize(
    "change",
    [
        {"is_active": False},
        {"relation": "at_least"},
    ],
)
def test_a_rule_that_holds_or_is_not_in_force_says_nothing(
    world: World, change: dict[str, Any]
) -> None:
    _made, report = cases(world)
    ConsistencyRule.objects.update(**change)
    assert doubts(report) == []


def test_what_is_not_comparable_or_not_in_the_report_is_not_compared(world: World) -> None:
    made, report = cases(world)
    same = {"kind": "count", "value_meaning": "in_period"}
    for change in ({"value_meaning": "snapshot"}, {"kind": "amount"}):
        Indicator.objects.filter(pk=made.pk).update(**{**same, **change})
        assert doubts(report) == []
    Indicator.objects.filter(pk=made.pk).update(**same)
    assert doubts(report) == [MORE, LESS]
    other = report.lines.get(indicator=made)
    other.observations.update(value=None, state="withheld", reason="Secret")
    assert doubts(report) == []
    other.delete()
    assert doubts(report) == []


def loose(rule: dict[str, Any], left: dict[str, Any], right: dict[str, Any]) -> list[str]:
    """The doubts of two split counts without a database."""
    sex = dimension("sex", "f", "m")
    sides = [indicator("count", sex, code=code) for code in ("A1", "B1")]
    for number, side in enumerate(sides, start=1):
        side.pk = number
    made = ConsistencyRule(
        plan=sides[0].plan,
        code="R",
        left=sides[0],
        right=sides[1],
        explanation_en="It is so",
        **rule,
    )
    said = [Said(side, told(cells)) for side, cells in zip(sides, (left, right), strict=True)]
    return [doubt.text for found in doubts_of(said, {}, [made]).values() for doubt in found]


def test_a_rule_of_every_cell_looks_at_those_that_both_have() -> None:
    cells = {"": 10, "sex=f": 4, "sex=m": 6}
    other = {"": 10, "sex=f": 5, "sex=m": 5, "age=old": 0}
    every = {"relation": "at_most", "scope": RuleScope.CELLS}
    assert loose(every, cells, other) == [
        "M: 6 is more than 5 in B1 (M). It is so.",
        "M: 5 is less than 6 in A1 (M). It is so.",
    ]
    assert loose({"relation": "at_most"}, cells, other) == []
    assert loose({"relation": "equal"}, {"": 1}, {"": 2}) == [
        "Total: 1 is less than 2 in B1 (Total). It is so.",
        "Total: 2 is more than 1 in A1 (Total). It is so.",
    ]


# ------------------------------------------------------------------ who may read it


def test_nothing_is_told_of_a_figure_that_is_hidden_nor_of_what_contradicts_it() -> None:
    shown, hidden = indicator(code="A1", ceiling=Decimal(5)), indicator(code="B1", floor=Decimal(9))
    hidden.pk, hidden.sensitivity = 2, Sensitivity.RESTRICTED
    rule = ConsistencyRule(left=shown, right=hidden, relation="at_most", explanation_en="Canary.")
    said = [Said(shown, told({"": 8})), Said(hidden, told({"": 7}))]

    def texts(**more: Any) -> dict[int, list[str]]:
        found = doubts_of(said, {}, [rule], **more)
        return {pk: [doubt.text for doubt in line] for pk, line in found.items()}

    high, low = (
        "is above the highest plausible value, 5.",
        "is below the lowest plausible value, 9.",
    )
    assert texts() == {
        1: [f"Value: 8 {high}", "Value: 8 is more than 7 in B1 (Value). Canary."],
        2: [f"Value: 7 {low}", "Value: 7 is less than 8 in A1 (Value). Canary."],
    }
    assert texts(hides=lambda one: one.sensitivity != Sensitivity.PUBLIC) == {
        1: [f"Value: 8 {high}"]
    }


def test_an_observer_reads_no_doubt_about_figures_that_are_protected(world: World) -> None:
    made, report = cases(world, severity=Severity.WARNING)
    Indicator.objects.filter(pk=made.pk).update(sensitivity=Sensitivity.RESTRICTED, ceiling=3)
    report.lines.update(note="Cases of last year.")
    factory.decide("submit", report, world.approver)
    report = factory.decide("take", report, world.reviewer)

    def signs(user: Any) -> list[str]:
        parts = dossier_of(report, world.fresh(user)).parts
        return [sign for part in parts for sign in getattr(part, "signs", [])]

    assert signs(world.reviewer) == [
        MORE,
        "Value: 4 is above the highest plausible value, 3.",
        LESS,
    ]
    assert signs(world.observer) == []


# ------------------------------------------------------------------ the form


def test_the_form_notes_a_doubt_beside_its_field_and_saves_it(world: World) -> None:
    past(world, 20)
    now_is(world, 15)
    client, line = world.client(world.contributor), line_of(world)
    page = client.get(fill_url(world.report, "indicators-1"))
    assert "Worth a look" not in text_of(page)
    part = f"line-{line.pk}"
    answer = client.post(
        save_url(world.report, part), fields_on(page) | {f"{part}-total-value": "90"}
    )
    note = f"Worth a look – {JUMP} {WHY}"
    place = f'<div class="field-told" id="{part}-total-errors" hx-swap-oob="true">'
    told_there = text_of(answer).split(place)[1].split("</div>")[0]
    assert (answer.status_code, note in told_there, "<svg" in told_there) == (200, True, True)
    assert line.observations.get().value == 90
    assert note in text_of(client.get(fill_url(world.report, "indicators-1")))

    Line.objects.filter(pk=line.pk).update(note="Two schools opened.")
    assert line_form(world).groups[0][1][0].notes == [f"Worth a look – {JUMP}"]


def test_a_save_tells_at_once_what_contradicts_another_line(world: World) -> None:
    _made, report = cases(world, value=9, severity=Severity.ERROR)
    client, line = world.client(world.contributor), line_of(world)
    page, part = client.get(fill_url(report, "indicators-1")), f"line-{line.pk}"
    typed = fields_on(page) | {f"{part}-total-value": "10"}
    told_now = text_of(client.post(save_url(report, part), typed))
    wrong = "Contradiction – Value: 10 is more than 9 in J1 (Value). I1 is at most J1."
    assert f"{wrong} Correct it before you submit." in told_now
    again = text_of(client.get(fill_url(report, "indicators-1")))
    for sentence in (wrong, "Contradiction – Value: 9 is less than 10 in I1 (Value)."):
        assert again.count(sentence) == 1


def test_a_total_that_is_added_up_tells_its_doubt_too(world: World) -> None:
    sex = factory.make_dimension(world.plan, "sex", "f", "m", total_rule="summed")
    factory.split(world.indicator, sex)
    Indicator.objects.filter(pk=world.indicator.pk).update(ceiling=9)
    for cell, value in (("", 10), ("sex=f", 4), ("sex=m", 6)):
        Observation.objects.create(line=line_of(world), cell=cell, value=value)
    page = world.client(world.contributor).get(fill_url(world.report, "indicators-1"))
    assert "Total: 10 is above the highest plausible value, 9." in text_of(page)


@pytest.mark.parametrize("number", [1, 3, 40])
def test_rules_cost_a_fixed_number_of_queries(world: World, number: int) -> None:
    _made, report = cases(world)
    for n in range(number):
        extra = factory.make_indicator(
            world.plan, f"N{n}", world.defence, objective=world.objective
        )
        factory.make_rule(f"N{n}", extra, world.indicator)
        line = Line.objects.create(report=report, indicator=extra)
        Observation.objects.create(line=line, value=6)
    lines = lines_for_form(report)
    with CaptureQueriesContext(connection) as queries:
        found = live_doubts(report, lines)
    assert (len(queries), len(found)) == (2, number + 2)
    with CaptureQueriesContext(connection) as queries:
        assert len(rules_in_force(world.plan.pk)) == number + 1
    assert len(queries) == 1


# ------------------------------------------------------------------ the workbook


def test_the_workbook_carries_the_doubts_that_stand_and_comes_back_unchanged(world: World) -> None:
    past(world, 20)
    report, line = now_is(world, 90), line_of(world)
    with write_report(report, language="en") as file:
        book = opened(file.read())
    cell = places(book["Report"])[f"line-{line.pk}", "", "value"]
    note = f"Worth a look – {JUMP} {WHY}"
    assert cell.comment.text == note
    assert [(row[0].value, row[1].value) for row in book["Read me"].iter_rows(max_col=2)].count(
        (f"Report {cell.coordinate}", note)
    ) == 1
    with_comment = [c for row in book["Report"].iter_rows() for c in row if c.comment]
    assert with_comment == [cell]
    back = seen(report, world.contributor, Book(report))
    assert (back.changes, back.errors, back.doubts) == ([], [], [])


def test_a_returned_workbook_is_held_against_history_and_other_lines(world: World) -> None:
    made, report = cases(world, value=9)
    mine, theirs = line_of(world), report.lines.get(indicator=made)
    book = Book(report)
    book.put(Part.REPORT, f"line-{mine.pk}|", "value", 10)
    more = "Value: 10 is more than 9 in J1 (Value). I1 is at most J1."
    found = seen(report, world.contributor, book)
    assert [(d.code, d.text) for d in found.doubts] == [("I1", f"{more} {WHY}")]
    assert found.can_confirm

    # The other side may be what changed; where both did, it is told once.
    book = Book(report)
    book.put(Part.REPORT, f"line-{theirs.pk}|", "value", 3)
    less = "Value: 3 is less than 5 in I1 (Value). I1 is at most J1."
    assert [d.text for d in seen(report, world.contributor, book).doubts] == [f"{less} {WHY}"]
    book.put(Part.REPORT, f"line-{mine.pk}|", "value", 10)
    both = "Value: 10 is more than 3 in J1 (Value). I1 is at most J1."
    assert [d.text for d in seen(report, world.contributor, book).doubts] == [f"{both} {WHY}"]
    book.put(Part.REPORT, f"line-{mine.pk}|", "note", "Cases of last year.")
    assert seen(report, world.contributor, book).doubts == []
    assert put_in(world, book) == 3
    assert doubts(report) == [both, "Value: 3 is less than 10 in I1 (Value). I1 is at most J1."]


def test_form_gaps_workbook_and_review_say_the_same_sentence(world: World) -> None:
    past(world, 20)
    report, line = now_is(world, 90, note="Two schools opened."), line_of(world)
    found = live_doubts(report, lines_for_form(report))[world.indicator.pk]
    assert [(type(d), d.text, d.cell, d.field) for d in found] == [(Doubt, JUMP, "", "value")]
    notes = line_form(world).groups[0][1][0].notes
    with write_report(report, language="en") as file:
        comment = places(opened(file.read())["Report"])[f"line-{line.pk}", "", "value"].comment
    factory.decide("submit", report, world.approver)
    report = factory.decide("take", report, world.reviewer)
    [part] = [p for p in dossier_of(report, world.reviewer).parts if p.code == "I1"]
    page = text_of(world.client(world.reviewer).get(f"/review/{report.pk}/"))
    assert notes == [comment.text] == [f"Worth a look – {JUMP}"]
    assert part.signs == [JUMP]  # type: ignore[attr-defined]
    signs = page.split('<ul class="signs"')[1].split("</p>")[0]
    assert JUMP in signs
    assert 'The ministry’s comment:</strong> <span class="preline">Two schools opened.' in signs
