"""Finding editions, and reading each snapshot once."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import OuterRef, Subquery

from common.canonical import canonical, sha256
from indicators.models import Plan
from publishing.errors import DamagedEdition
from publishing.loading import load_plan
from publishing.models import Edition
from publishing.reading import Issue, Parts, parse_issue, parse_snapshot, parse_structure
from publishing.reading.basic import Quarter, Text
from publishing.reading.insight import Counts
from publishing.structure import structure_of
from publishing.summary import counts_in

KEPT = 8
"""Snapshots kept as objects by each process. One of sixty indicators and twenty quarters takes
12 MB; pages for everybody are kept ready (kept.py), so these serve people who are logged in."""


@dataclass(frozen=True)
class Publication:
    """What the public sees of a plan: an edition, or its structure alone while there is none."""

    parts: Parts
    issue: Issue | None = None
    newest: str = ""

    @property
    def is_newest(self) -> bool:
        return self.issue is None or self.issue.address == self.newest


def snapshot_text(digest: str) -> str:
    """The exact published text.

    Raises:
        DamagedEdition: what is stored does not have this hash.
    """
    text = Edition.objects.values_list("snapshot", flat=True).filter(sha256=digest)[0]
    if sha256(text) != digest:
        raise DamagedEdition(digest)
    return text


@lru_cache(maxsize=KEPT)
def read(digest: str) -> tuple[Parts, Issue]:
    """A snapshot as typed objects; nobody changes them. Kept, for equal hashes are equal texts."""
    data = json.loads(snapshot_text(digest))
    parts = parse_snapshot(data)
    return parts, parse_issue(data, parts, digest)


@dataclass(frozen=True)
class Standing:
    """Which edition of a plan is spoken of, and which is the newest; empty while there is none."""

    code: str
    digest: str = ""
    newest: str = ""


# Asked at each request for a public page, and most of what a kept one costs: so it is written out.
EDITIONS_OF = """
SELECT edition.address, edition.sha256 FROM publishing_edition edition
JOIN indicators_plan plan ON plan.id = edition.plan_id
JOIN reports_period period ON period.id = edition.period_id
WHERE plan.code = %s ORDER BY period.ends_on DESC, edition.number DESC
"""


def standing_of(code: str, address: str = "") -> Standing:
    """The edition asked for, else the plan's latest: that of the latest quarter. 1 query.

    Raises:
        Edition.DoesNotExist: the plan has none of that address.
    """
    with connection.cursor() as cursor:
        cursor.execute(EDITIONS_OF, [code])
        found = cursor.fetchall()
    digests = dict(found)
    if address and address not in digests:
        raise Edition.DoesNotExist(address)
    if not found:
        return Standing(code)
    newest = found[0][0]
    return Standing(code, digests[address or newest], newest)


def structure(plan: Plan) -> Parts:
    """The plan as adopted, through the same form a snapshot has."""
    return parse_structure(json.loads(canonical(structure_of(load_plan(plan)))))


@dataclass(frozen=True)
class Latest:
    """The latest edition of a plan as the page of all plans shows it, from its frozen summary."""

    newest: str
    quarter: Quarter
    published_at: datetime
    counts: Counts
    title: Text = field(default_factory=Text)
    thresholds: dict[str, str] = field(default_factory=dict)


def _latest(plan: Any) -> Latest | None:
    if plan.newest is None:
        return None
    names = ("year", "quarter", "starts_on", "ends_on", "due_on")
    year, quarter, *days = (getattr(plan, f"newest_{name}") for name in names)
    return Latest(
        plan.newest,
        Quarter(f"{year}-Q{quarter}", year, quarter, *days),
        plan.newest_published_at,
        counts_in(plan.newest_summary),
        Text(plan.newest_summary["title"]),
        plan.newest_summary["thresholds"],
    )


def publications() -> list[tuple[Plan, Latest | None]]:
    """Every plan with its latest edition, where there is one. 1 query; no snapshot is read."""
    newest = Edition.objects.filter(plan=OuterRef("pk")).order_by("-period__ends_on", "-number")

    def of(name: str) -> Subquery:
        return Subquery(newest.values(name)[:1])

    quarter = ("year", "quarter", "starts_on", "ends_on", "due_on")
    plans = Plan.objects.annotate(
        newest=of("address"),
        newest_published_at=of("published_at"),
        newest_summary=of("summary"),
        **{f"newest_{name}": of(f"period__{name}") for name in quarter},
    )
    return [(plan, _latest(plan)) for plan in plans]


def publication_at(standing: Standing) -> Publication:
    """An edition as it can be read, or the structure of a plan that has none.

    Raises:
        Plan.DoesNotExist: there is no plan of that code.
    """
    if standing.digest:
        return Publication(*read(standing.digest), standing.newest)
    return Publication(structure(Plan.objects.get(code=standing.code)))


def publication_of(code: str, address: str = "") -> Publication:
    """The edition asked for, else the plan's latest, else its structure.

    Raises:
        Plan.DoesNotExist, Edition.DoesNotExist: there is none of that name.
    """
    return publication_at(standing_of(code, address))
