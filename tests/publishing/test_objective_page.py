"""The pages of objectives: counts of all that stands below, never an average."""

from decimal import Decimal

import pytest
from django.db.models import Sum

from indicators.models import Funding, Objective
from publishing.models import Edition
from reports.models import ActionProgress
from tests.publishing.pages import Page, ask, page_of, seen
from tests.publishing.released import Released

pytestmark = pytest.mark.django_db


def objective(code: str, language: str = "en", edition: str = "") -> Page:
    suffix = f"?edition=AL-{edition}-1" if edition else ""
    return seen(f"/plans/AL/objectives/{code}/{suffix}", language)


def listed(page: Page, label: str) -> list[str]:
    return [row[0].split()[0] for row in page.table(label)[1:]]


BELOW = {
    "1": (["C1", "H1", "N1", "P1", "R1", "S1", "T1"], ["A3", "A1"]),
    "1.1": (["C1", "H1", "N1", "P1", "R1", "S1", "T1"], ["A1"]),
    "2": (["D1", "W1", "Z1"], ["A2"]),
}


@pytest.mark.parametrize("code", BELOW)
def test_it_lists_everything_that_stands_below_it(released: Released, code: str) -> None:
    page = objective(code)
    assert (listed(page, "Indicators"), listed(page, "Actions")) == BELOW[code]


COUNTS = {
    ("1", "2026-Q3"): "Achieved 1 Off track 1 Target not met 1 Reported, not rated 3 "
    "Not available 1",
    ("1", "2026-Q2"): "On track 1 Off track 1 Target not met 1 Reported, not rated 4",
    ("2", "2026-Q3"): "At risk 1 Off track 1 No data 1",
    ("2", "2026-Q2"): "Off track 3",
}


@pytest.mark.parametrize(("code", "quarter"), COUNTS)
def test_it_counts_its_indicators_by_status(released: Released, code: str, quarter: str) -> None:
    legend = objective(code, edition=quarter).one("ul", "legend")
    assert legend.text == COUNTS[code, quarter]


def test_an_objective_has_no_status_of_its_own(released: Released) -> None:
    for code in BELOW:
        assert objective(code).one("div", "page-heading__title").text == f"Objective {code}"


def test_the_plan_names_its_levels(released: Released) -> None:
    shown = {code: objective(code).one("p", "eyebrow").text for code in ("1", "1.1")}
    assert shown == {"1": "Policy area 1", "1.1": "Objective 1.1"}
    assert objective("1.1", "sq").one("p", "eyebrow").text == "Objektivi 1.1"


def test_it_stands_between_what_is_above_and_what_is_below(released: Released) -> None:
    above, below = objective("1"), objective("1.1")
    assert above.under("Below it").links() == {"1.1 Objective 1.1": "/plans/AL/objectives/1.1/"}
    assert below.links()["1 Objective 1"] == "/plans/AL/objectives/1/"
    assert "Below it" not in below.headings
    assert "Part of" not in above.text


MONEY = {
    ("1", "2026-Q3"): ("2~500~001~ALL", "2~000~ALL", "2~501~ALL 0~% of planned"),
    ("1.1", "2026-Q2"): ("2~500~001~ALL", "2~000~ALL", "1~001~ALL 0~% of planned"),
    ("2", "2026-Q3"): ("–", "–", "0~ALL"),
}


@pytest.mark.parametrize(("code", "quarter"), MONEY)
def test_money_is_added_up_over_its_actions(released: Released, code: str, quarter: str) -> None:
    terms = objective(code, edition=quarter).terms()
    names = ("Planned", "Allocated to date", "Spent to date")
    assert tuple(terms[name] for name in names) == MONEY[code, quarter]


def test_the_money_is_that_of_the_database(released: Released) -> None:
    planned = Funding.objects.filter(action__plan=released.plan).aggregate(sum=Sum("planned"))
    official = ActionProgress.objects.filter(report__status="published", action__code="A1")
    assert planned["sum"] == Decimal("2500000.50")
    assert official.aggregate(sum=Sum("spent"))["sum"] == Decimal("2500.75")
    row = objective("1.1").table("Actions")[1]
    assert row == ["A1 Action A1", "Ministry of Defence", "Done", "2~500~000.5", "2~500.75"]


def test_the_two_sides_are_shown_where_they_differ(released: Released) -> None:
    [told] = objective("1").all("li", "difference")
    assert told.text == (
        "C1 Indicator C1 Ministry of Defence · 2026 Q3 · computed: Off track "
        "The ministry On track As planned. "
        "The coalition Off track Half of the offices were not counted."
    )
    assert objective("2").all("li", "difference") == []
    assert objective("1", edition="2026-Q2").all("li", "difference") == []


def test_an_empty_objective_says_that_nothing_stands_under_it(released: Released) -> None:
    page = objective("3")
    assert page.headings == ["Objective 3", "Indicators", "Actions"]
    assert page.under("Indicators").text == "No indicator stands under it."
    assert page.under("Actions").text == "No action stands under it."
    assert page.all("figure") == []


def test_the_frameworks_it_answers_to_are_named(released: Released) -> None:
    told = objective("1").under("Answers to").text
    assert told == "Women in talks UN indicators of 2010 · Participation From knowledge, unverified"
    assert "Answers to" not in objective("2").headings


def test_its_links_stay_in_the_edition(released: Released) -> None:
    suffix = "?edition=AL-2026-Q2-1"
    links = objective("1", edition="2026-Q2").links()
    assert links["1.1 Objective 1.1"] == f"/plans/AL/objectives/1.1/{suffix}"
    assert links["C1 Indicator C1"] == f"/plans/AL/indicators/C1/{suffix}"
    assert links["A1 Action A1"] == f"/plans/AL/actions/A1/{suffix}"


def test_figures_are_written_as_albanians_write_them(released: Released) -> None:
    page = objective("1.1", "sq")
    assert page.title == "Objektivi 1.1"
    assert page.table("Treguesit")[1][:5] == [
        *("C1 Treguesi C1", "1~238,75~persona", "5~000", "", "Jashtë rrugës")
    ]
    assert page.table("Masat")[1] == [
        *("A1 Masa A1", "Ministria e Mbrojtjes", "E kryer", "2~500~000,5", "2~500,75")
    ]


def test_a_list_inside_the_page_is_never_cut(released: Released) -> None:
    """A list page has fifty rows; here all rows stand."""
    Edition.objects.all().delete()
    from tests import factory

    area = Objective.objects.get(plan=released.plan, code="3")
    for number in range(60):
        factory.make_indicator(released.plan, f"X{number:02}", objective=area)
    page = page_of("/plans/AL/objectives/3/")
    assert listed(page, "Indicators") == [f"X{number:02}" for number in range(60)]
    assert page.all("ul", "pages") == []


TREE = [
    "Policy area 1 Objective 1",
    "Objective 1.1 Objective 1.1",
    "Policy area 2 Objective 2",
    "Policy area 3 Objective 3",
]


def test_the_tree_shows_every_objective_below_its_own(released: Released) -> None:
    page = page_of("/plans/AL/objectives/")
    rows = page.all("li", "tree__part")
    assert [f"{row.one('p', 'eyebrow').text} {row.one('h2').text}" for row in rows] == TREE
    assert [row.attrs["class"].split("--")[1] for row in rows] == ["0", "1", "0", "0"]
    assert [row.all("p", "counts-line") != [] for row in rows] == [True, True, True, False]
    assert rows[3].text.endswith("0 indicators · 0 actions")


def test_the_tree_counts_as_the_objectives_do(released: Released) -> None:
    rows = page_of("/plans/AL/objectives/?edition=AL-2026-Q2-1").all("li", "tree__part")
    told = [row.one("p", "counts-line").all("span") for row in rows[:3]]
    first = ["On track 1", "Off track 1", "Target not met 1", "Reported, not rated 4"]
    assert [[span.text for span in spans] for spans in told] == [first, first, ["Off track 3"]]


def test_a_tree_that_is_empty_says_why(released: Released) -> None:
    Objective.objects.filter(plan=released.structure).delete()
    assert page_of("/plans/XK/objectives/").one("div", "empty").text == (
        "No objective is known The plan was loaded without its objectives."
    )


def test_before_the_first_edition_the_tree_counts_the_structure(released: Released) -> None:
    Edition.objects.all().delete()
    rows = page_of("/plans/AL/objectives/").all("li", "tree__part")
    assert [row.one("p", "muted").text for row in rows] == [
        *("7 indicators · 2 actions", "7 indicators · 1 action"),
        *("3 indicators · 1 action", "0 indicators · 0 actions"),
    ]


@pytest.mark.parametrize("code", ["9", "1.1.1", "C1", "<i>", "1.1%20"])
def test_an_objective_that_the_plan_does_not_have_is_not_found(
    released: Released, code: str
) -> None:
    assert ask(f"/plans/AL/objectives/{code}/").status_code == 404


def test_the_page_of_money_says_what_is_not_given_and_does_not_count_it(released: Released) -> None:
    page = seen("/plans/AL/money/")
    totals = [node.text for node in page.all("span", "figure-big")][:3]
    assert totals == ["2~500~001", "2~000", "2~501"]
    assert "2 amounts are not given in the reports and are not counted as zero." in page.text
