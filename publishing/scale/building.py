"""A whole invented plan in one transaction, up to its edition."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from time import perf_counter
from typing import TypeVar

from django.db import transaction

from accounts.models import Institution, User
from audit.services import record
from common import clock
from indicators.choices import Role
from indicators.models import Plan
from publishing.scale.copying import store
from publishing.scale.cycle import report
from publishing.scale.fates import moment
from publishing.scale.freezing import freeze
from publishing.scale.people import DOMAIN, Cast, engage
from publishing.scale.structure import Adopted, Size, adopt, plan_code
from publishing.services import checklist, publish
from reports import judging
from reports.models import Assessment, Period

T = TypeVar("T")


def taken(numbers: range) -> list[str]:
    """Codes and addresses of these plans that something else, or an earlier run, has already."""
    codes = [plan_code(number) for number in numbers]
    found = list(Plan.objects.filter(code__in=codes).order_by("code").values_list("code"))
    found += Institution.objects.filter(code__in=[f"{c}-M01" for c in codes]).values_list("code")
    addresses = [f"lead.{code.lower()}@{DOMAIN}" for code in codes]
    found += User.objects.filter(email__in=addresses).values_list("email")
    return [code for (code,) in found]


@dataclass
class Clock:
    """Seconds spent on each part of the work."""

    spent: dict[str, float] = field(default_factory=dict)

    def run(self, part: str, work: Callable[[], T]) -> T:
        """Do it, and add its seconds to those of its part."""
        started = perf_counter()
        done = work()
        self.spent[part] = self.spent.get(part, 0) + perf_counter() - started
        return done


def _publish(adopted: Adopted, cast: Cast) -> None:
    """The real edition of the last quarter but one, by the functions a lead uses."""
    year, quarter = adopted.size.quarters[-2]
    period = Period.objects.select_related("plan").get(
        plan=adopted.plan, year=year, quarter=quarter
    )
    with clock.at(moment(period.due_on + timedelta(days=40))):
        publish(period=period, by=cast.national[Role.LEAD], seen=checklist(period).seen)


@transaction.atomic
def build(number: int, size: Size, password: str, watch: Clock) -> Plan:
    """One plan with everything. The log gets one entry for all rows that came in bulk."""
    adopted = watch.run("plan", lambda: adopt(number, size))
    plan = adopted.plan
    cast = watch.run("people", lambda: engage(adopted, password))
    found = watch.run("reports", lambda: report(adopted, cast))
    reviewer = cast.national[Role.REVIEWER]
    watch.run("revisions", lambda: freeze(found, plan.code, cast.approvers, reviewer))
    record("plan.invented", by=None, about=plan, plan=plan.code, reports=len(found))
    watch.run("edition", lambda: _publish(adopted, cast))
    return plan


ASSESSMENT = ("indicator_id", "period_id", "cell_set", *judging.CONTENT)


def assess(plan: Plan) -> None:
    """The assessments of a plan that has none yet, as its reports give them."""
    rows = judging.computed(judging.load(plan)).values()
    store(Assessment, ASSESSMENT, ([getattr(row, name) for name in ASSESSMENT] for row in rows))
