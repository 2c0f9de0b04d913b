"""Nothing that is not published is told to the public, wherever it lies, whatever is asked."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import transaction
from django.test import Client

from publishing.queries import read
from reports.models import Revision
from tests import factory
from tests.policy.public_scene import (
    MOMENT,
    OPEN,
    WORDS,
    Public,
    addresses,
    figure_of,
    live_on,
    make_public,
    planted_in,
    publish_first,
    readings,
    sung,
)
from tests.policy.table import PUBLIC
from tests.policy.walking import text_of

pytestmark = pytest.mark.django_db
EDITION = "AL-2026-Q3-1"


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    read.cache_clear()
    with time_machine.travel(MOMENT, tick=False):
        yield
    read.cache_clear()


@pytest.fixture(scope="module")
def made(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Public]:
    """The plan after its edition, with a report in every other state; undone by the last test."""
    with (
        django_db_blocker.unblock(),
        transaction.atomic(),
        time_machine.travel(MOMENT, tick=False),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(settings, "EVIDENCE_ROOT", tmp_path_factory.mktemp("evidence"))
        public = make_public()
        publish_first(public)
        live_on(public)
        yield public
        transaction.set_rollback(True)


def reader(language: str = "en", user: Any = None) -> Client:
    client = Client(headers={"accept-language": language})
    if user is not None:
        client.force_login(user)
    return client


def test_the_walk_asks_for_every_public_address() -> None:
    assert {name for name, _address in addresses("AL", EDITION)} == {*PUBLIC}


def test_every_state_but_the_published_one_is_there(made: Public) -> None:
    stored = {state: made.report(state).status for state in made.houses}
    assert stored == {
        "published": "published",
        "draft": "draft",
        "submitted": "submitted",
        "withdrawn": "draft",
        "under_review": "under_review",
        "returned": "returned",
        "validated": "validated",
        "reopened": "returned",
    }
    contents = "".join(Revision.objects.values_list("content", flat=True))
    for state in ("submitted", "under_review", "validated"):
        assert figure_of(state) in contents


@pytest.mark.parametrize("language", ["en", "sq"])
def test_everybody_reads_what_is_open_and_nothing_else(made: Public, language: str) -> None:
    assert planted_in(readings(reader(language), "AL", EDITION)) == {*OPEN}


def test_somebody_with_an_account_and_no_role_reads_the_same(made: Public) -> None:
    stranger = factory.make_user("stranger@example.org", password=None)
    assert planted_in(readings(reader(user=stranger), "AL", EDITION)) == {*OPEN}


def test_the_search_sees_each_of_what_was_planted() -> None:
    assert {name for name, text in WORDS.items() if name not in sung(f"<td>{text}</td>")} == set()
    for shown in ("735\u00a0190\u00a0457", "735,190,457", "735.190.457", "735 190 457"):
        assert sung(shown) == {"true small count"}


ODD = [
    "/plans/AL/?edition=AL-2026-Q4-1",
    "/plans/AL/?edition=AL-2026-Q3-2",
    "/plans/AL/?edition=*",
    "/plans/AL/indicators/?edition=AL-2026-Q3-2",
    "/plans/AL/indicators/secret-comment/",
    "/plans/AL/institutions/secret-person/",
    "/plans/AL/objectives/secret-return/",
    "/plans/AL/actions/secret-return/",
    "/plans/AL/gaps/?edition=AL-2026-Q3-2",
    "/plans/XX/",
    "/editions/AL-2026-Q3-2/",
    "/editions/AL-2026-Q3-2/snapshot.json",
    "/editions/AL-2026-Q4-1/workbook.xlsx",
    "/editions/AL-2026-Q3/data.csv",
    "/editions/..%2F..%2Fvar/data.csv",
]


@pytest.mark.parametrize("address", ODD)
def test_what_is_not_there_tells_nothing(made: Public, address: str) -> None:
    answer = reader().get(address)
    assert answer.status_code == 404
    assert sung(text_of(answer)) - sung(address) == set()


ASKED = [
    *(f"indicators/?sort={name}" for name in ("now.amount.value", "-now.amount.value", "value")),
    "indicators/?sort=-progress&page=1",
    "indicators/?page=999",
    "indicators/?page=-1",
    "indicators/?institution=AL3",
    "indicators/?q=secret",
    "indicators/?status=off_track&objective=1",
    "indicators/?export=json",
    "indicators/?export=csv&sort=-value&institution=AL1",
    "actions/?status=delayed",
    "actions/?sort=-spent",
    "institutions/?sort=-timely",
    "institutions/?export=csv&page=2",
    "?debug=1&format=json",
    "gaps/?institution=AL3&kind=no_report",
    "gaps/?export=csv&kind=withheld",
    "differences/?institution=AL3&pair=sides",
    "differences/?status=off_track&export=csv",
    "compare/?from=2026-Q3&to=2026-Q3&against=AL-2026-Q3-2",
    "compare/?from=2026-Q4&to=2026-Q4&export=xlsx",
    "crosswalk/?reach=nothing&institution=AL3",
    "indicators/?quarter=2026-Q4",
    "actions/?quarter=2026-Q3&export=csv",
]


@pytest.mark.parametrize("query", ASKED)
def test_no_way_of_asking_tells_more(made: Public, query: str) -> None:
    answer = reader().get(f"/plans/AL/{query}")
    assert answer.status_code == 200
    assert sung(text_of(answer)) - {*OPEN} == set()


def test_the_order_of_a_list_cannot_be_asked_for(made: Public) -> None:
    """A list that can be sorted by its figures tells how hidden ones compare."""
    client, orders = reader(), set()
    for sort in ("", "value", "-value", "now.amount.value", "-now.amount.value", "title", "-code"):
        page = client.get("/plans/AL/indicators/", {"sort": sort}).content.decode()
        orders.add(tuple(dict.fromkeys(re.findall(r"/indicators/(\w+)/", page))))
    assert orders == {("I1", "R1", "S1")}


# what can be told from answers, though it is not in them


def private(made: Public) -> Iterator[str]:
    number = made.report("draft").pk
    for tail in ("", "content/", "fill/", "workbook.xlsx", "decide/submit/"):
        yield f"/reports/{number}/{tail}"
    yield f"/review/{number}/"
    yield f"/quarters/{made.period.pk}/"
    yield f"/publish/{made.period.pk}/"


def test_nobody_can_tell_what_exists_from_what_does_not(made: Public) -> None:
    """For somebody without a role both are the same 404, for nobody the same way to the log-in."""
    stranger = reader(user=factory.make_user("stranger@example.org", password=None))
    for path in private(made):
        missing = re.sub(r"\d+", "987654321", path, count=1)
        for client, status in ((stranger, 404), (Client(), 302)):
            told = []
            for address in (path, missing):
                answer = client.get(address)
                assert answer.status_code == status, address
                text = text_of(answer).replace(address, "…")
                # The token is a new one each time, and the address makes the page longer.
                told.append(re.sub(r"\w{64}|Content-Length: \d+", "", text))
            assert told[0] == told[1], path
