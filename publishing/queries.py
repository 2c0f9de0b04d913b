"""Finding editions, and reading each snapshot once."""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from common.canonical import canonical, sha256
from indicators.models import Plan
from publishing.errors import DamagedEdition
from publishing.loading import load_plan
from publishing.models import Edition
from publishing.reading import Issue, Parts, parse_issue, parse_snapshot, parse_structure
from publishing.structure import structure_of

KEPT = 32


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


def _plans() -> "QuerySet[Any]":
    """Plans with the hash and address of their latest edition: that of the latest quarter."""
    editions = Edition.objects.filter(plan=OuterRef("pk")).order_by("-period__ends_on", "-number")
    return Plan.objects.annotate(
        newest=Subquery(editions.values("address")[:1]),
        digest=Subquery(editions.values("sha256")[:1]),
    )


def structure(plan: Plan) -> Parts:
    """The plan as adopted, through the same form a snapshot has."""
    return parse_structure(json.loads(canonical(structure_of(load_plan(plan)))))


def publications() -> list[tuple[Plan, Publication | None]]:
    """Every plan with its latest edition, where there is one."""
    return [
        (plan, Publication(*read(plan.digest), plan.newest) if plan.digest else None)
        for plan in _plans()
    ]


def publication_of(code: str, address: str = "") -> Publication:
    """The edition asked for, else the plan's latest, else its structure.

    Raises:
        Plan.DoesNotExist, Edition.DoesNotExist: there is none of that name.
    """
    plan = _plans().get(code=code)
    if address and address != plan.newest:
        digest = Edition.objects.values_list("sha256", flat=True).get(plan=plan, address=address)
        return Publication(*read(digest), plan.newest)
    if plan.digest:
        return Publication(*read(plan.digest), plan.newest)
    return Publication(structure(plan))
