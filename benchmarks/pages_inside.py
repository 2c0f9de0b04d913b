"""What is measured inside one installation: which pages to ask for, their queries, a validation."""

import json
import os
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

PLANS, SIGNED_IN, INDICATORS, SMALL = 12, 4, 60, 900
"""Private pages are spread over so many plans, public ones of people who are logged in over as
many as a process keeps in memory; the small plan has a number of its own."""


def _client(user: Any) -> Any:
    from django.test import Client

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)
    return client


def _person(role: str, report: Any) -> Any:
    """Somebody of this role for a report, as a person who may log in."""
    from accounts.models import User
    from indicators.models import Membership

    held = Membership.objects.filter(plan=report.period.plan_id, role=role).select_related("user")
    if role == "contributor":
        held = held.filter(institution=report.institution_id)
    user = held[0].user
    User.objects.filter(pk=user.pk).update(is_demo=False)
    return User.objects.get(pk=user.pk)


def _reports(status: str, plans: Any) -> list[Any]:
    """One report of this status in each plan, that with the most lines."""
    from django.db.models import Count

    from reports.models import Report

    rows = Report.objects.filter(status=status, revision=0 if status == "draft" else 1)
    rows = rows.with_names().annotate(size=Count("lines")).order_by("-period__ends_on", "-size")
    return [rows.filter(period__plan=plan)[0] for plan in plans]


def _form(report: Any) -> tuple[str, Any]:
    """The first page of a report's form, and who fills it in."""
    client = _client(_person("contributor", report))
    answer = client.get(f"/reports/{report.pk}/fill/")
    return (
        answer.headers["Location"] if answer.status_code == 302 else answer.request["PATH_INFO"]
    ), client


def _review(report: Any) -> tuple[str, Any]:
    return f"/review/{report.pk}/", _client(_person("reviewer", report))


def _private(kind: Callable[[Any], tuple[str, Any]], reports: list[Any]) -> list[list[str]]:
    found = [kind(report) for report in reports]
    return [[path, client.cookies["sessionid"].value] for path, client in found]


def _spread(rows: list[Any], number: int) -> list[Any]:
    return [rows[n * len(rows) // number] for n in range(min(number, len(rows)))]


def pages() -> dict[str, Any]:
    """The addresses of every kind of page, spread over the plans, with sessions."""
    from indicators.models import Plan

    plans = list(Plan.objects.filter(code__lt=f"S{SMALL}").order_by("code"))
    some = _spread(plans, PLANS)
    reviews = _private(_review, _reports("under_review", some))
    plans = _spread(plans, int(os.environ.get("BENCH_SPREAD", "100")))
    overviews = [[f"/plans/{plan.code}/", ""] for plan in plans]
    each = max(INDICATORS // len(plans), 3)
    figures = [
        [f"/plans/{plan.code}/indicators/I{(place * each + n) % INDICATORS + 1:02}/", ""]
        for place, plan in enumerate(plans)
        for n in range(each)
    ]
    return {
        "home": [["/", ""]],
        "overview": overviews,
        "indicator": figures,
        "overview, signed in": [
            [f"/plans/{plan.code}/", session]
            for plan, (_path, session) in zip(some[:SIGNED_IN], reviews)
        ],
        "report form": _private(_form, _reports("draft", some)),
        "review page": reviews,
    }


def _queries(client: Any, path: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}.")
    return len(captured)


def _of_plan(plan: Any) -> dict[str, int]:
    """Queries of each kind of page of one plan, kept and, by a filter, not kept."""
    from django.test import Client

    anybody = Client(headers={"host": "127.0.0.1"})
    form, author = _form(_reports("draft", [plan])[0])
    review, reviewer = _review(_reports("under_review", [plan])[0])
    return {
        "home": _queries(anybody, "/"),
        "overview": _queries(anybody, f"/plans/{plan.code}/"),
        "indicator": _queries(anybody, f"/plans/{plan.code}/indicators/I01/"),
        "overview, signed in": _queries(reviewer, f"/plans/{plan.code}/"),
        "report form": _queries(author, form),
        "review page": _queries(reviewer, review),
    }


def queries() -> dict[str, dict[str, int]]:
    """Queries of each kind of page, in a large plan and in a small one."""
    from indicators.models import Plan

    rows = Plan.objects.order_by("code")
    small = rows.filter(code=f"S{SMALL}")
    return {"large": _of_plan(rows[0]), **({"small": _of_plan(small[0])} if small else {})}


def validation() -> dict[str, float]:
    """One validation as the review page makes it: milliseconds and queries, undone afterwards."""
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    from indicators.models import Plan
    from reports.workflow import perform

    plans = Plan.objects.filter(code__lt=f"S{SMALL}").order_by("code")
    spent, counts = [], []
    for report in _reports("under_review", _spread(list(plans), PLANS)):
        by = _person("reviewer", report)
        with transaction.atomic(), CaptureQueriesContext(connection) as captured:
            started = time.perf_counter()
            perform("validate", report=report, by=by, version=report.version)
            spent.append(1000 * (time.perf_counter() - started))
            counts.append(len(captured))
            transaction.set_rollback(True)
    return {"ms": median(spent), "queries": max(counts)}


if __name__ == "__main__":
    import django

    django.setup()
    told = {"pages": pages, "queries": queries, "validation": validation}[sys.argv[1]]()
    print(json.dumps(told))
