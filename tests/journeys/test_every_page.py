"""Every main page, as each role sees it, in both languages, on a phone and on a desk."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import reverse

from tests.journeys.people import Person
from tests.journeys.site import Site

Enter = Callable[..., Person]
Places = dict[str, Any]

FIND = """
from reports.models import Period, Report
from publishing.models import Edition
from reports.differing import differing_in
this = Report.objects.filter(period__year=2026, period__quarter=3).order_by("pk")
past = Report.objects.filter(institution__code="MM", status="published").order_by("pk")
differing = [(report.pk, found.line.pk) for report in past for found in differing_in(report)]
of = lambda status: this.filter(status=status).first().pk
answer = {
    "now": this.first().period_id,
    "before": Period.objects.get(year=2026, quarter=2).pk,
    "edition": Edition.objects.order_by("pk").last().address,
    "defence": this.get(institution__code="MM").pk,
    "interior": this.get(institution__code="MB").pk,
    "published": past.last().pk,
    "differing": differing[-1],
    "submitted": of("submitted"),
    "under_review": of("under_review"),
    "returned": of("returned"),
    "validated": of("validated"),
}
"""


@pytest.fixture(scope="module")
def places(site: Site) -> Places:
    return site.ask(FIND)


def public(at: Places) -> Iterator[str]:
    for name in ("home", "method", "editions", "login"):
        yield reverse(name)
    yield reverse("method") + "?baseline=30&target=30&actual=abc&direction=maintain"
    for plan in ("AL", "CD-2019"):
        for name in ("plan", "objectives", "indicators", "actions", "money", "institutions"):
            yield reverse(name, args=[plan])
        for name in ("crosswalk", "gaps", "differences", "compare"):
            yield reverse(name, args=[plan])
    yield reverse("action", args=["AL", "1.1.1"])
    yield reverse("indicators", args=["AL"]) + "?quarter=2026-Q1"
    yield reverse("indicators", args=["AL"]) + "?q=no+such+indicator"
    for code in ("1", "2.1"):
        yield reverse("objective", args=["AL", code])
    # a share, a count by sex, one whose figures are restricted, one without targets
    for code in ("ALB-C03", "ALB-D03", "ALB-D13", "ALB-C18"):
        yield reverse("indicator", args=["AL", code])
    yield reverse("institution", args=["AL", "MM"])
    yield reverse("edition", args=[at["edition"]])


def contributor(at: Places) -> Iterator[str]:
    yield reverse("my_reports")
    yield reverse("my_reports") + "?status=validated"
    yield reverse("report", args=[at["defence"]]) + "?missing=1"
    for page in ("indicators-1", "actions-1", "narrative", "evidence"):
        yield reverse("report_fill", args=[at["defence"], page])
    yield reverse("report", args=[at["published"]])
    yield reverse("report_content", args=[at["published"]])
    yield reverse("report", args=at["differing"][:1])
    yield reverse("light_reply", args=at["differing"])
    yield reverse("quarter_differences", args=[at["before"]])
    yield reverse("matrix")
    yield reverse("password_change")


def approver(at: Places) -> Iterator[str]:
    yield reverse("my_reports")
    yield reverse("report", args=[at["defence"]])
    yield reverse("report_decide", args=[at["defence"], "submit"])


def reviewer(at: Places) -> Iterator[str]:
    yield reverse("review_queue")
    yield reverse("review_queue") + "?state=validated"
    for state in ("submitted", "under_review", "returned", "validated"):
        yield reverse("review", args=[at[state]])
    yield reverse("review_accept", args=[at["under_review"]])
    for action in ("return", "validate"):
        yield reverse("report_decide", args=[at["under_review"], action])
    yield reverse("report_decide", args=[at["submitted"], "take"])
    yield reverse("quarters")
    yield reverse("quarter", args=[at["now"]])


def lead(at: Places) -> Iterator[str]:
    yield reverse("quarters")
    yield reverse("quarter", args=[at["now"]])
    yield reverse("quarter_lights", args=[at["before"]])
    yield reverse("quarter_differences", args=[at["before"]]) + "?kind=sides"
    yield reverse("quarter_differences", args=[at["now"]]) + "?status=achieved&kind=coalition"
    yield reverse("matrix")
    yield reverse("matrix") + "?state=overdue&year=2026"
    yield reverse("quarters_data")
    yield reverse("quarters_data") + "?institutions=MM&indicators=AL:ALB-C01"
    yield reverse("exports")
    yield reverse("publish", args=[at["now"]])
    yield reverse("publish", args=[at["before"]])
    yield reverse("review", args=[at["under_review"]])
    yield reverse("report_decide", args=[at["published"], "reopen"])


def administrator(at: Places) -> Iterator[str]:
    yield reverse("my_reports")
    yield reverse("quarters")
    yield reverse("quarter", args=[at["now"]])
    yield reverse("report", args=[at["interior"]])
    yield reverse("report_content", args=[at["interior"]])
    yield reverse("report_decide", args=[at["interior"], "submit_on_behalf"])


def observer(at: Places) -> Iterator[str]:
    yield reverse("quarters")
    yield reverse("quarter", args=[at["before"]])
    yield reverse("quarter_lights", args=[at["now"]])
    yield reverse("matrix") + "?state=not_owed"
    yield reverse("report", args=[at["validated"]])
    yield reverse("report_content", args=[at["validated"]])


ROLES = {
    "": public,
    "contributor": contributor,
    "approver": approver,
    "reviewer": reviewer,
    "lead": lead,
    "administrator": administrator,
    "observer": observer,
}


@pytest.mark.parametrize("language", ["en", "sq"])
@pytest.mark.parametrize("name", ROLES, ids=[name or "nobody" for name in ROLES])
def test_every_page_is_in_order_for(enter: Enter, places: Places, name: str, language: str) -> None:
    person = enter(name)
    person.reads(language)
    for path in ROLES[name](places):
        person.open(path)
        assert person.language == language, path


@pytest.mark.parametrize("language", ["en", "sq"])
def test_refusals_are_in_order(enter: Enter, places: Places, language: str) -> None:
    person = enter("contributor")
    person.reads(language)
    person.open("/no/such/page/", 404)
    person.open(reverse("report", args=[places["interior"]]), 404)
    person.open(reverse("report_decide", args=[places["defence"], "submit"]), 403)
    person.open(reverse("review_queue"), 403)


def test_control_faults_of_a_page_are_seen(enter: Enter) -> None:
    """What every other test relies on: each kind of fault is found where there is one."""
    person = enter()
    person.page.goto("/")
    person.page.evaluate(
        """() => {
            const wide = document.createElement("img");
            wide.width = 3000;
            document.querySelector("main").append(wide);
            const script = document.createElement("script");
            script.textContent = "document.title = 'ran'";
            document.body.append(script);
        }"""
    )
    person.look()
    found, person.watch.faults = "\n".join(person.watch.faults), []
    assert "image-alt" in found
    assert "px too wide: IMG." in found
    assert "Content Security Policy" in found
    assert person.page.title() != "ran"
