"""Two plans that know nothing of each other, each full of its own mark, and the admin's people."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import Model
from django.test import Client

from accounts.models import Institution, User
from audit.models import Entry
from indicators.choices import Role
from indicators.models import Framework, FrameworkItem, Plan
from publishing.services import checklist, publish
from reports.models import Period, Report
from tests import factory
from tests.remembered import memory

HERE, THERE, BESIDE = "alder", "birch", "cedar"
"""The marks of a plan, of another one, and of a second ministry of the first."""

STAFF: dict[str, Any] = {"is_staff": True, "password": None}
TEXTS = ("source", "note_en", "title_sq", "title_fr", "definition_en", "baseline_source", "reason")


@dataclass
class Side:
    """One plan with one ministry and everybody in it; every text of it holds the mark."""

    mark: str
    plan: Plan
    house: Institution
    people: dict[str, User] = field(default_factory=dict)
    rows: dict[str, Any] = field(default_factory=dict)

    def keep(self, *rows: Model) -> None:
        self.rows |= {row._meta.label_lower: row for row in rows}


def _marked(row: Any, mark: str) -> Any:
    """Write the mark into every free text of a row."""
    names = {f.name for f in row._meta.concrete_fields}
    for name in names.intersection(TEXTS):
        setattr(row, name, f"{mark} {name}")
    row.save()
    return row


def _members(side: Side) -> None:
    for role in Role:
        house = side.house if role in (Role.CONTRIBUTOR, Role.APPROVER) else None
        email = f"{role}@{side.mark}.example"
        name = f"{side.mark} {role}"
        person = factory.make_member(role, side.plan, house, email, name=name, **STAFF)
        side.people[role] = person


def _measures(side: Side) -> None:
    plan, mark = side.plan, side.mark
    objective = _marked(factory.make_objective(plan, f"{mark}-O"), mark)
    indicator = _marked(
        factory.make_indicator(plan, f"{mark}-I", side.house, objective=objective), mark
    )
    dimension = factory.make_dimension(plan, f"{mark}d", f"{mark}c", "other")
    target = _marked(factory.make_target(indicator, 100), mark)
    action = _marked(factory.make_action(plan, f"{mark}-A", side.house, objective), mark)
    funding = action.fundings.create(source=f"{mark} money", planned=735190127)
    level = plan.levels.create(depth=0, name_en=f"{mark} level")
    side.keep(plan, side.house, objective, indicator, dimension, target, action, funding, level)
    side.keep(dimension.categories.get(code=f"{mark}c"))
    beside = _marked(factory.make_indicator(plan, f"{mark}-J", objective=objective), mark)
    side.keep(factory.make_rule(f"{mark}-R", indicator, beside, explanation_en=f"{mark} rule"))


def _second_ministry(side: Side) -> None:
    """Another ministry of the same plan, and who acts for it."""
    house = factory.make_institution(f"{BESIDE}-H", f"{BESIDE} house", country=side.plan.country)
    side.people["beside"] = factory.make_member(
        Role.CONTRIBUTOR, side.plan, house, "beside@cedar.example", name=BESIDE, **STAFF
    )
    objective = side.rows["indicators.objective"]
    factory.make_indicator(side.plan, f"{BESIDE}-I", house, objective=objective)


def _fill_beside(side: Side, period: Period) -> None:
    report = period.reports.select_related("period__plan").get(institution__code=f"{BESIDE}-H")
    _fill(report, side.people["beside"], BESIDE)


def _cycle(side: Side) -> None:
    """One quarter published, and the next one being filled in."""
    first = factory.open_quarter(side.plan, 2026, 2)
    report = first.reports.get()
    _fill(report, side.people["contributor"], side.mark)
    for action, role in (("submit", "approver"), ("take", "reviewer"), ("validate", "reviewer")):
        factory.decide(action, report, side.people[role])
    edition = publish(period=first, by=side.people["lead"], seen=checklist(first).seen)
    if side.mark == HERE:
        _second_ministry(side)
    second = factory.open_quarter(side.plan, 2026, 3)
    now = second.reports.get(institution=side.house)
    _fill(now, side.people["contributor"], side.mark)
    if side.mark == HERE:
        _fill_beside(side, second)
    side.keep(edition, side.people[Role.CONTRIBUTOR], _entry(now), now)


def _fill(report: Report, by: User, mark: str) -> None:
    factory.fill_in(Report.objects.with_names().get(pk=report.pk), by)
    report.lines.update(note=f"{mark} note")


def _entry(report: Report) -> Entry:
    return Entry.objects.filter(
        about_type="reports.line", about_id=str(report.lines.get().pk)
    ).earliest("sequence")


def make_side(mark: str, code: str) -> Side:
    plan = _marked(factory.make_plan(code, country=code, title_en=f"{mark} plan"), mark)
    house = factory.make_institution(
        f"{mark}-H", f"{mark} house", country=code, name_sq=f"{mark} sq"
    )
    house.aliases.create(name=f"{mark} alias")
    side = Side(mark, plan, _marked(house, mark))
    _members(side)
    _measures(side)
    _cycle(side)
    return side


@dataclass
class Office:
    """Both plans, what they share, and everybody who tries."""

    here: Side
    there: Side
    people: dict[str, User | None]

    def client(self, name: str) -> Client:
        client = Client()
        user = self.people[name]
        if user is not None:
            client.force_login(user)
        return client

    @property
    def period(self) -> Period:
        return Period.objects.get(plan=self.here.plan, quarter=3)


def make_office() -> Office:
    here, there = make_side(HERE, "AL"), make_side(THERE, "XK")
    framework = Framework.objects.create(code="un", title_en="Shared")
    item = FrameworkItem.objects.create(framework=framework, code="1", title_en="Shared")
    for side in (here, there):
        side.keep(framework, item)
    former = factory.make_member(
        Role.ADMINISTRATOR, here.plan, email="former@alder.example", **STAFF
    )
    former.memberships.update(expires_on=here.plan.starts_on)
    guest = factory.make_member(
        Role.ADMINISTRATOR, here.plan, email="guest@alder.example", password=None
    )
    people: dict[str, User | None] = {**here.people, "former": former, "without_access": guest}
    people["superuser"] = factory.make_user(
        "root@example.org", is_superuser=True, name="Root", **STAFF
    )
    people["stranger"] = factory.make_user("stranger@example.org", **STAFF)
    people |= {"neighbour": there.people[Role.ADMINISTRATOR], "anonymous": None}
    return Office(here, there, people)


@contextmanager
def kept_office(blocker: Any) -> Iterator[Office]:
    """One office for all tests of a module: each of them undoes what it did, the last one all."""
    with blocker.unblock(), transaction.atomic():
        with memory.following():
            office = memory.step(("office",), make_office)
        yield office
        transaction.set_rollback(True)


MODELS = {model._meta.label_lower: kind for model, kind in admin.site._registry.items()}
