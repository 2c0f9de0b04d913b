"""The consolidated workbook: what each sheet says, for whom, and that its charts show it."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from audit.services import head_hash
from common import clock
from indicators.choices import Sensitivity
from indicators.models import Funding, Indicator
from reports.choices import ExportState
from reports.consolidated.keeping import path_of
from reports.consolidated.trend import MOST_CHARTS
from reports.models import Report
from reports.periods import open_period
from reports.services import save_action
from tests import factory
from tests.common.charted import charts, formulas, links, parts, sheet_names
from tests.conftest import World
from tests.reports.asking import Commits, made
from tests.reports.exporting import add_line, add_protected, everything, remark, rows, sheets, tell

Make = Callable[..., bytes]
TOPICS = [
    "Contents",
    "Method",
    "Sources",
    "Status",
    "Trend",
    "Charts",
    "Reports",
    "Actions and money",
    "Money by source",
    "Narrative",
    "Ratings",
    "Reviews",
    "Values",
]


@pytest.fixture
def make(world: World, django_capture_on_commit_callbacks: Commits) -> Make:
    """The workbook of the year as a person gets it."""

    def of(who: str, **more: Any) -> bytes:
        wanted = {"kind": "book", "year": "2026", **more}
        job = made(world, getattr(world, who), django_capture_on_commit_callbacks, **wanted)
        assert job.stands is ExportState.DONE, job.problem
        assert job.done == job.total > 0
        return path_of(job).read_bytes()

    return of


def earlier(world: World, quarter: int, number: int) -> Report:
    """The first ministry reported in an earlier quarter."""
    period = open_period(world.plan, 2026, quarter)
    report = Report.objects.with_names().get(period=period, institution=world.defence)
    factory.fill_in(report, world.contributor, number=number)
    return factory.decide("submit", report, world.approver)


def three_quarters(world: World) -> None:
    earlier(world, 1, 3)
    earlier(world, 2, 4)
    world.validated()


def about(data: bytes) -> dict[str, Any]:
    found = sheets(data)["Contents"]
    told = [[cell.value for cell in row] for row in found]
    top = next(n for n, row in enumerate(told) if row[0] == "Sheet")
    return {row[0]: row[1] for row in told[2 : top - 1]}


def contents(data: bytes) -> dict[str, Any]:
    told = [[cell.value for cell in row] for row in sheets(data)["Contents"]]
    top = next(n for n, row in enumerate(told) if row[0] == "Sheet")
    return {row[0]: row[2] for row in told[top + 1 :]}


def trend(data: bytes, code: str) -> list[dict[str, Any]]:
    return [row for row in rows(data, "Trend", header=2) if row["Indicator"] == code]


def test_it_has_a_sheet_for_each_topic_and_the_contents_count_their_rows(
    world: World, make: Make
) -> None:
    three_quarters(world)
    data = make("lead")
    assert sheet_names(data) == TOPICS
    counted = contents(data)
    assert list(counted) == TOPICS[1:]
    for title in ("Reports", "Actions and money", "Narrative", "Ratings", "Values", "Sources"):
        assert counted[title] == len(rows(data, title)), title
    for title in ("Status", "Trend"):
        assert counted[title] == len(rows(data, title, header=2)) - (2 if title == "Status" else 0)
    assert counted["Values"] == 6
    assert counted["Charts"] is None


def test_every_link_of_the_contents_leads_somewhere(world: World, make: Make) -> None:
    three_quarters(world)
    data = make("lead")
    places = [re.sub(r"^'|'?![A-Z]+\d+$", "", place) for place in links(data).values()]
    assert places == TOPICS[1:]


def test_the_first_sheet_says_what_it_is_for_whom_and_what_was_asked(
    world: World, make: Make
) -> None:
    three_quarters(world)
    moment = clock.now().replace(microsecond=0)
    with clock.at(moment):
        data = make("reviewer", institutions=["MM"], states=["validated"])
    told = about(data)
    assert told["Plan"] == str(world.plan)
    assert (told["From quarter"], told["To quarter"]) == ("2026-Q1", "2026-Q4")
    assert told["Institutions"] == str(world.defence)
    assert told["Status of the reports"] == "Validated"
    assert told["Made for"] == f"{world.reviewer} ({world.reviewer.email})"
    assert told["Roles in this plan"] == "Reviewer"
    assert told["Made on"] == clock.timezone.localtime(moment).replace(tzinfo=None)
    assert told["Figures"].startswith("Preliminary")
    assert told["Figures not shown to you"] == "None"
    assert told["Head of the log"] == head_hash()


def test_the_trend_stands_quarter_after_quarter_with_the_status_of_each(
    world: World, make: Make
) -> None:
    three_quarters(world)
    data = make("lead")
    found = trend(data, "I1")
    assert [row["Quarter"] for row in found] == ["2026-Q1", "2026-Q2", "2026-Q3"]
    assert [row["Value to date"] for row in found] == [3, 7, 12]
    assert [row["Target"] for row in found] == [100] * 3
    assert [(row["Reported"], row["Of"], row["Coverage"]) for row in found] == [(1, 2, 50)] * 3
    assert [row["Computed"] for row in found] == ["Off track"] * 3
    assert [row["Expected now"] for row in found] == sorted(row["Expected now"] for row in found)
    assert found[-1]["Ministry"] == "On track"


def test_a_chart_of_an_indicator_shows_the_rows_of_the_trend(world: World, make: Make) -> None:
    three_quarters(world)
    data = make("lead")
    stacked, first, second = charts(data)
    assert [series.values for series in first] == [
        "Trend!$F$4:$F$6",
        "Trend!$H$4:$H$6",
        "Trend!$I$4:$I$6",
    ]
    assert first[0].labels == "Trend!$E$4:$E$6"
    assert [Decimal(value) for value in first[0].told] == [3, 7, 12]
    assert [Decimal(value) for value in first[2].told] == [100] * 3
    assert [series.values for series in second] == ["Trend!$F$7:$F$9"]
    assert [Decimal(value) for value in second[0].told] == [3, 4, 5]
    titles = [cell.value for row in sheets(data)["Charts"] for cell in row if cell.value]
    assert titles[1:] == ["I1 · Indicator I1 (persons)", "I2 · Indicator I2 (%)"]
    assert titles[0].startswith("2 of 2 indicators")
    assert [series.name for series in stacked] == ["Status!$C$3", "Status!$D$3"]


def test_the_status_chart_counts_what_the_table_counts(world: World, make: Make) -> None:
    three_quarters(world)
    data = make("lead")
    row = rows(data, "Status", header=2)[0]
    assert (row["Off track"], row["Reported, not rated"], row["Indicators"]) == (1, 1, 2)
    assert row["Not computed for you"] == 0
    assert [series.told for series in charts(data)[0]] == [["1"], ["1"]]
    heading = sheets(data)["Status"][2]
    assert [heading[2].value, heading[3].value] == ["Off track", "Reported, not rated"]


def test_one_quarter_has_no_lines_to_draw(world: World, make: Make) -> None:
    world.validated()
    data = make("lead", year="", first="2026-Q3", last="2026-Q3")
    assert sheet_names(data) == [title for title in TOPICS if title != "Charts"]
    assert len(charts(data)) == 1


def test_too_many_indicators_are_not_all_drawn_and_the_sheet_says_so(
    world: World, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    three_quarters(world)
    monkeypatch.setattr("reports.consolidated.book.MOST_CHARTS", 1)
    data = make("lead")
    assert len(charts(data)) == 2
    note = sheets(data)["Charts"][0][0].value
    assert note.startswith("1 of 2 indicators")
    assert MOST_CHARTS == 60


def test_a_gap_is_no_zero(world: World, make: Make) -> None:
    """Nothing came in the first quarter: blank in the table, and not a point of the line."""
    open_period(world.plan, 2026, 1)
    earlier(world, 2, 0)
    world.validated()
    data = make("lead")
    assert [row["Value to date"] for row in trend(data, "I2")] == [None, 0, 5]
    share = next(chart for chart in charts(data) if chart[0].values == "Trend!$F$7:$F$9")
    assert [Decimal(value) for value in share[0].told] == [0, 5]
    text = next(text for text in parts(data).values() if "Trend!$F$7:$F$9" in text)
    values = text.partition("<c:val>")[2].partition("</c:val>")[0]
    assert re.findall(r'<c:pt idx="(\d)">', values) == ["1", "2"]


def test_reports_of_all_quarters_stand_below_each_other(world: World, make: Make) -> None:
    three_quarters(world)
    found = rows(make("lead"), "Reports")
    assert [(row["Quarter"], row["Code"]) for row in found] == [
        (f"2026-Q{quarter}", code) for quarter in (1, 2, 3) for code in ("MB", "MM")
    ]
    mine = [row for row in found if row["Code"] == "MM"]
    assert [row["State"] for row in mine] == ["Submitted", "Submitted", "Validated"]
    assert [row["Revision"] for row in mine] == [1, 1, 1]
    assert {row["Revision"] for row in found if row["Code"] == "MB"} == {None}


def test_money_has_its_shares(world: World, make: Make) -> None:
    world.validated()
    Funding.objects.create(
        action=world.report.actions.get().action, source="State", planned=Decimal(8000)
    )
    found = rows(make("lead"), "Actions and money")[0]
    assert (found["Action"], found["Sources of funds"]) == ("A1", "State")
    assert found["Not allocated of planned"] == 75
    assert found["Spent of allocated"] == 50


def test_no_share_is_made_of_nothing(world: World, make: Make) -> None:
    factory.fill_in(world.now(), world.contributor)
    row = world.now().actions.select_related("report__period__plan").get()
    values = {"status": "in_progress", "allocated": Decimal(0), "spent": Decimal(5)}
    save_action(row, by=world.contributor, version=row.version, values=values)
    found = rows(make("contributor"), "Actions and money")[0]
    assert found["Spent of allocated"] is None
    assert found["Not allocated of planned"] is None
    assert found["Warning"] == "More was spent than allocated."


def test_ratings_stand_side_by_side_and_say_where_they_differ(world: World, make: Make) -> None:
    world.under_review()
    remark(world, "We saw less.", ("off_track", "Half of them only."))
    found = next(row for row in rows(make("reviewer"), "Ratings") if row["Indicator"] == "I1")
    assert (found["Ministry"], found["Coalition"], found["They differ"]) == (
        "On track",
        "Off track",
        "Yes",
    )
    assert found["Computed"] == "Off track"


def test_remarks_are_for_those_for_whom_they_are_in_the_workbook_of_a_quarter(
    world: World, make: Make
) -> None:
    world.under_review()
    remark(world, "canary-remark", ("off_track", "canary-other-rating"))
    assert "canary-remark" in everything(make("reviewer"))
    for who in ("contributor", "administrator"):
        data = everything(make(who))
        assert "canary-remark" not in data
        assert "canary-other-rating" not in data
    factory.decide("return", world.report, world.reviewer, reason="canary-reason")
    assert "canary-remark" in everything(make("contributor"))
    assert "canary-reason" in everything(make("contributor"))
    data = make("observer")
    assert "Reviews" not in sheet_names(data)
    assert "canary-remark" not in everything(data)


CANARIES = {"I1": 735190127, "I2": 735190231, "S1": 735190349, "R1": 735190457}


def with_canaries(world: World) -> None:
    """Two quarters full of figures that can be searched for; the last one is validated."""
    add_protected(world)
    period = open_period(world.plan, 2026, 2)
    first = Report.objects.with_names().get(period=period, institution=world.defence)
    numbers = dict(CANARIES)
    tell(first, world.contributor, numbers, "canary-first")
    factory.decide("submit", first, world.approver)
    tell(world.now(), world.contributor, numbers, "canary-second")
    world_report = factory.decide("submit", world.report, world.approver)
    factory.decide("take", world_report, world.reviewer)
    factory.decide("validate", world_report, world.reviewer)


@pytest.mark.parametrize(
    ("who", "seen", "hidden"),
    [
        ("lead", ("735190127", "735190349", "735190457", "canary-first"), ()),
        ("administrator", ("735190127", "735190349", "735190457", "canary-first"), ()),
        ("contributor", ("735190127", "735190349", "735190457", "canary-first"), ()),
        (
            "observer",
            ("735190127", "canary-second done"),
            ("735190349", "735190457", "canary-first", "canary-second rating S1", "881236457"),
        ),
        (
            "other_contributor",
            (),
            ("735190127", "735190231", "735190349", "735190457", "canary"),
        ),
    ],
)
def test_nobody_finds_what_is_not_hers_in_any_part_of_the_file(
    world: World, make: Make, who: str, seen: tuple[str, ...], hidden: tuple[str, ...]
) -> None:
    with_canaries(world)
    text = everything(make(who))
    found = {word for word in (*seen, *hidden) if word in text}
    assert found == set(seen)


def test_withheld_figures_are_words_in_the_table_and_gaps_in_the_chart(
    world: World, make: Make
) -> None:
    with_canaries(world)
    data = make("observer")
    found = trend(data, "S1") + trend(data, "R1")
    assert {row["Value to date"] for row in found} == {None}
    assert {row["In words"] for row in found} == {"protected", "restricted"}
    assert {(row["Expected now"], row["Target"]) for row in found} == {(None, None)}
    assert set(about(data)["Figures not shown to you"].split(", ")) == {"S1", "R1"}
    titles = (
        [cell.value for row in sheets(data)["Charts"] for cell in row if cell.value]
        if ("Charts" in sheet_names(data))
        else []
    )
    assert not [title for title in titles if title.startswith(("S1", "R1"))]


def test_baselines_of_withheld_indicators_are_withheld_too(world: World, make: Make) -> None:
    with_canaries(world)
    Indicator.objects.filter(code__in=CANARIES).update(
        baseline_state="known", baseline_value=Decimal(646464646), baseline_source="Register"
    )
    found = {row["Indicator"]: row["Baseline"] for row in rows(make("observer"), "Sources")}
    assert (found["I1"], found["S1"], found["R1"]) == (646464646, None, None)
    found = {row["Indicator"]: row["Baseline"] for row in rows(make("lead"), "Sources")}
    assert (found["S1"], found["R1"]) == (646464646, 646464646)
    other = {
        row["Indicator"]: row["Baseline"] for row in rows(make("other_contributor"), "Sources")
    }
    assert other["R1"] is None


def test_a_part_is_not_drawn_against_the_target_of_the_whole(world: World, make: Make) -> None:
    three_quarters(world)
    data = make("contributor")
    chart = next(c for c in charts(data) if c[0].values == "Trend!$F$4:$F$6")
    assert len(chart) == 1
    assert {row["Computed"] for row in trend(data, "I1")} == {None}
    status = rows(data, "Status", header=2)[0]
    assert status["Not computed for you"] == 1


def test_true_figures_behind_the_combined_ones_are_in_the_log_too(world: World, make: Make) -> None:
    """The span begins after the only report with a protected figure: to date counts it."""
    add_protected(world)
    tell(world.now(), world.contributor, CANARIES, "x")
    factory.decide("submit", world.report, world.approver)
    open_period(world.plan, 2026, 4)
    make("lead", year="", first="2026-Q4", last="2026-Q4")
    entry = Entry.objects.get(action="values.exported")
    assert '"indicators":["R1","S1"]' in entry.data


def test_no_text_of_anybody_becomes_a_formula(world: World, make: Make) -> None:
    live = '=HYPERLINK("http://evil.example","x")'
    for row in (world.indicator, world.share, world.objective, world.plan):
        row.title_en = live
        row.save()
    world.indicator.unit_en = "Women!A1"
    world.indicator.save()
    world.defence.name_en = "@SUM(A1:A9)"
    world.defence.save()
    earlier(world, 2, 3)
    tell(world.now(), world.contributor, {"I1": 1, "I2": 2}, "=1+1")
    data = make("contributor")
    assert formulas(data) == []
    for name, text in parts(data).items():
        if name.startswith("xl/charts/"):
            assert "HYPERLINK" not in text
            assert "Women!" not in text
    assert trend(data, "I1")[0]["Title"] == live
    named = [n for chart in charts(data) for s in chart for n in (s.name, s.labels, s.values)]
    assert named
    assert all(n.startswith(("Trend!", "Status!")) for n in named)


def test_filters_on_reports_leave_combined_figures_whole(world: World, make: Make) -> None:
    three_quarters(world)
    factory.fill_in(world.now(world.other_report), world.other_contributor, number=30)
    factory.decide("submit", world.other_report, world.other_approver)
    data = make("lead", institutions=["MB"], states=["submitted"])
    assert [row["Value to date"] for row in trend(data, "I1")] == [3, 7, 42]
    assert {row["Code"] for row in rows(data, "Reports")} == {"MB"}
    assert {row["Institution code"] for row in rows(data, "Values")} == {"MB"}
    assert {row["Institution"] for row in rows(data, "Narrative")} == {str(world.interior)}
    note = sheets(data)["Trend"][0][0].value
    assert "whatever institutions" in note


def test_filters_on_indicators_and_objectives_hold_everywhere(world: World, make: Make) -> None:
    other = factory.make_objective(world.plan, "2")
    extra = factory.make_indicator(world.plan, "K1", world.defence, objective=other)
    add_line(extra, world.report)
    three_quarters(world)
    data = make("lead", indicators=["AL:I2"])
    assert {row["Indicator"] for row in rows(data, "Trend", header=2)} == {"I2"}
    for title in ("Sources", "Ratings", "Values"):
        assert {row["Indicator"] for row in rows(data, title)} == {"I2"}, title
    data = make("lead", objective="AL:2")
    assert {row["Indicator"] for row in rows(data, "Values")} == {"K1"}
    assert rows(data, "Actions and money") == []
    assert [row["Objective"] for row in rows(data, "Status", header=2)][:1] == ["2"]


def test_it_speaks_the_language_of_who_asked(world: World, make: Make) -> None:
    three_quarters(world)
    world.lead.language = "sq"
    world.lead.save()
    names = sheet_names(make("lead"))
    assert len(set(names)) == len(TOPICS)
    assert not set(names) & {"Narrative", "Reports", "Values"}


def test_a_span_without_quarters_is_an_empty_workbook_and_no_error(
    world: World, make: Make
) -> None:
    other = factory.make_plan("XK")
    factory.Membership.objects.create(user=world.lead, plan=other, role="lead")
    data = make("lead", plan="XK", year="2026")
    assert sheet_names(data) == ["Contents", "Method", "Sources", "Status", "Trend", "Values"]
    assert about(data)["Figures"] == "No report of these quarters is open to you yet."
    assert charts(data) == []


def test_sources_say_where_each_indicator_comes_from(world: World, make: Make) -> None:
    Indicator.objects.filter(code="I1").update(
        baseline_source="Register of 2023",
        source="Plan, page 12",
        on_track_at=Decimal("0.9"),
        threshold_reason="Small numbers.",
    )
    row = rows(make("observer"), "Sources")[0]
    assert (row["Baseline source"], row["Source"]) == ("Register of 2023", "Plan, page 12")
    assert row["Own thresholds"] == "0.9 / – Small numbers."
    assert (row["Responsible"], row["Baseline"]) == ("MB, MM", 0)
    assert row["Protection"] == "Public"


def test_the_method_names_the_thresholds_of_this_plan(world: World, make: Make) -> None:
    world.plan.on_track_at = Decimal("0.91")
    world.plan.save()
    told = {row["What"]: row["Explanation"] for row in rows(make("observer"), "Method")}
    assert "On track from a pace of 0.91, at risk from 0.7;" in told["Thresholds of this plan"]
    assert "coverage of 80 %" in told["Thresholds of this plan"]
    assert {"Coverage", "On track", "Provisional", "restricted", "protected"} <= set(told)


def test_a_protected_indicator_of_ones_own_is_shown(world: World, make: Make) -> None:
    world.share.sensitivity = Sensitivity.RESTRICTED
    world.share.save()
    three_quarters(world)
    data = make("contributor")
    assert [row["Value to date"] for row in trend(data, "I2")] == [3, 4, 5]
    assert {row["In words"] for row in trend(make("observer"), "I2")} == {"restricted"}


def test_only_validated_figures_are_called_so(world: World, make: Make) -> None:
    world.validated()
    assert about(make("observer"))["Figures"] == "Of validated reports only."
    assert about(make("lead"))["Figures"] == "Of validated reports only."
    assert about(make("administrator"))["Figures"].startswith("Preliminary")


def test_it_is_made_again_alike(world: World, make: Make) -> None:
    three_quarters(world)
    moment = clock.now()
    with clock.at(moment):
        first = make("contributor")
    with clock.at(moment + timedelta(seconds=1)):
        second = make("contributor")
    assert rows(first, "Values") == rows(second, "Values")
    assert rows(first, "Trend", header=2) == rows(second, "Trend", header=2)


def test_a_quarter_costs_the_same_whatever_stands_in_it(
    world: World, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.consolidated.writing.EVERY", 3_600.0)

    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            make("lead", year="", first="2026-Q3", last="2026-Q3")
        return len(asked)

    world.validated()
    make("lead")
    before = statements()
    extra = [
        factory.make_indicator(world.plan, f"K{n}", world.interior, objective=world.objective)
        for n in range(8)
    ]
    for indicator in extra:
        add_line(indicator, world.other_report)
    factory.fill_in(world.now(world.other_report), world.other_contributor)
    factory.decide("submit", world.other_report, world.other_approver)
    assert statements() == before
