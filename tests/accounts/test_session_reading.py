"""Who a session belongs to: read in few steps, and with Django's own answers."""

from datetime import timedelta

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.backends import PersonBackend
from accounts.models import User
from accounts.sessions import SessionStore
from tests import factory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    user = factory.make_user("person@example.org")
    User.objects.filter(pk=user.pk).update(last_login=timezone.now())
    return User.objects.get(pk=user.pk)


def stored(**data: object) -> str:
    """The key of a session that was saved with this."""
    session = SessionStore()
    session.update(data)
    session.save()
    return str(session.session_key)


def read(key: str) -> tuple[dict[str, object], str | None]:
    """What a session says, and under which key it goes on: as ours and as Django's reads it."""
    found = []
    for kind in (SessionStore, DatabaseStore):
        session = kind(session_key=key)
        found.append((session.load(), session.session_key))
    assert found[0] == found[1]
    return found[0]


def test_a_session_says_what_was_saved() -> None:
    key = stored(colour="violet", number=7)
    assert read(key) == ({"colour": "violet", "number": 7}, key)
    with CaptureQueriesContext(connection) as captured:
        SessionStore(session_key=key).load()
    assert len(captured) == 1


def test_a_session_that_has_expired_or_is_not_there_is_empty_and_its_key_is_dropped() -> None:
    key = stored(colour="violet")
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert read(key) == ({}, None)
    assert read("x" * 32) == ({}, None)


def test_what_somebody_wrote_into_the_row_without_the_key_is_not_believed() -> None:
    key = stored(colour="violet")
    Session.objects.update(session_data="eyJjb2xvdXIiOiJyZWQifQ:1w:forged")
    assert read(key) == ({}, key)


def test_a_session_that_is_deleted_holds_for_no_request_more(person: User) -> None:
    client = Client()
    client.force_login(person)
    assert client.get("/reports/").status_code != 302
    Session.objects.all().delete()
    assert client.get("/reports/").status_code == 302


def test_a_person_is_read_with_everything_django_reads_of_her(person: User) -> None:
    ours, theirs = PersonBackend().get_user(person.pk), ModelBackend().get_user(person.pk)
    assert ours is not None
    assert ours == theirs
    names = [field.attname for field in User._meta.concrete_fields]
    assert [getattr(ours, n) for n in names] == [getattr(theirs, n) for n in names]
    assert ours.get_deferred_fields() == set()
    assert ours.last_login == person.last_login
    assert timezone.is_aware(ours.last_login)


@pytest.mark.parametrize("why", ["inactive", "demonstration", "gone"])
def test_who_may_not_log_in_any_more_is_nobody_at_her_next_request(person: User, why: str) -> None:
    client = Client()
    client.force_login(person)
    assert client.get("/reports/").status_code != 302
    change = {"inactive": {"is_active": False}, "demonstration": {"is_demo": True}}
    if why == "gone":
        User.objects.all().delete()
    else:
        User.objects.update(**change[why])
    assert PersonBackend().get_user(person.pk) is None
    assert client.get("/reports/").status_code == 302
