"""People and a plan that most tests start from."""

import gc
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from accounts.models import Institution, User
from indicators.choices import Role
from indicators.models import Indicator, Objective, Plan
from reports.models import Period, Report
from tests import factory
from tests.remembered import memory

hypothesis_settings.register_profile(
    "steady",
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
hypothesis_settings.load_profile("steady")


def pytest_collection_finish() -> None:
    """Thousands of tests stay in memory: the garbage collector need not look at them each time."""
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Whole files are called by their size: an archive carries the second in which it was made."""
    return f"{argname} of {len(val)} bytes" if isinstance(val, bytes) and len(val) > 40 else None


def pytest_configure() -> None:
    """Cheap password hashes; no page is kept but in the tests of kept pages."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    nothing = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    settings.CACHES = {"default": nothing, "inside": nothing}


@pytest.fixture(autouse=True)
def quick_and_separate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A folder of its own for each test's files, made only when there is one."""
    usual = settings.EVIDENCE_ROOT, settings.EXPORTS_ROOT
    settings.EVIDENCE_ROOT = tmp_path_factory.getbasetemp() / "evidence" / uuid4().hex
    settings.EXPORTS_ROOT = tmp_path_factory.getbasetemp() / "exports" / uuid4().hex
    yield
    settings.EVIDENCE_ROOT, settings.EXPORTS_ROOT = usual


@dataclass
class World:
    """One plan with two ministries, everybody in it, and an open quarter with their drafts."""

    plan: Plan
    objective: Objective
    defence: Institution
    interior: Institution
    indicator: Indicator
    share: Indicator
    period: Period
    report: Report
    other_report: Report
    contributor: User
    approver: User
    other_contributor: User
    other_approver: User
    reviewer: User
    other_reviewer: User
    lead: User
    administrator: User
    observer: User
    stranger: User
    sessions: dict[tuple[int, str], str] = field(default_factory=dict)

    def client(self, user: User | None) -> Client:
        """A browser in which this person is logged in; nobody for None.

        She logs in once: other browsers of hers carry the same session as long as it lasts.
        """
        client = Client()
        if user is None:
            return client
        key = self.sessions.get((user.pk, user.password), "")
        if Session.objects.filter(pk=key).exists():
            client.cookies[settings.SESSION_COOKIE_NAME] = key
        else:
            client.force_login(user)
            cookie = client.cookies[settings.SESSION_COOKIE_NAME]
            self.sessions[user.pk, user.password] = cookie.value
        return client

    def now(self, report: Report | None = None) -> Report:
        """The report as the database has it."""
        return Report.objects.with_names().get(pk=(report or self.report).pk)

    def fresh(self, user: User) -> User:
        """The person as the next request sees her."""
        return User.objects.get(pk=user.pk)

    def submitted(self) -> Report:
        factory.fill_in(self.now(), self.contributor)
        return factory.decide("submit", self.report, self.approver)

    def under_review(self) -> Report:
        self.submitted()
        return factory.decide("take", self.report, self.reviewer)

    def returned(self) -> Report:
        self.under_review()
        return factory.decide("return", self.report, self.reviewer, reason="Check the total.")

    def validated(self) -> Report:
        self.under_review()
        return factory.decide("validate", self.report, self.reviewer)

    def published(self) -> Report:
        self.validated()
        return factory.decide("publish", self.report, self.lead)


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with memory.following():
        yield memory.step(("world",), make_world)


def make_world() -> World:
    """The world as its first test sees it, made in an empty database."""
    plan = factory.make_plan()
    objective = factory.make_objective(plan)
    defence = factory.make_institution("MM", "Ministry of Defence")
    interior = factory.make_institution("MB", "Ministry of Interior")
    indicator = factory.make_indicator(plan, "I1", defence, interior, objective=objective)
    factory.make_target(indicator, 100)
    share = factory.make_share(plan, "I2", defence, objective=objective)
    factory.make_action(plan, "A1", defence, objective)
    factory.make_action(plan, "A2", interior, objective)
    period = factory.open_quarter(plan)
    reports = {r.institution_id: r for r in Report.objects.with_names()}
    people: dict[str, Any] = factory.make_members(
        plan,
        contributor=(Role.CONTRIBUTOR, defence),
        approver=(Role.APPROVER, defence),
        other_contributor=(Role.CONTRIBUTOR, interior),
        other_approver=(Role.APPROVER, interior),
        reviewer=(Role.REVIEWER, None),
        other_reviewer=(Role.REVIEWER, "second.reviewer@example.org"),
        lead=(Role.LEAD, None),
        administrator=(Role.ADMINISTRATOR, None),
        observer=(Role.OBSERVER, None),
    )
    return World(
        plan=plan,
        objective=objective,
        defence=defence,
        interior=interior,
        indicator=indicator,
        share=share,
        period=period,
        report=reports[defence.pk],
        other_report=reports[interior.pk],
        **people,
        stranger=factory.make_user("stranger@example.org"),
    )
