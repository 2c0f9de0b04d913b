"""Editions in the admin: to read, never to change."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from publishing.models import Edition
from tests.conftest import World


@pytest.fixture
def edition(world: World) -> Edition:
    User.objects.update(is_staff=True)
    return Edition.objects.create(
        plan=world.plan,
        period=world.period,
        number=1,
        address="AL-2026-Q3-1",
        snapshot="{}",
        sha256="0" * 64,
        audit_head="0" * 64,
        published_by=world.lead,
        published_at=timezone.now(),
    )


def test_an_edition_is_shown(world: World, edition: Edition) -> None:
    client = world.client(world.administrator)
    assert (
        "AL-2026-Q3-1"
        in client.get(reverse("admin:publishing_edition_changelist")).content.decode()
    )
    url = reverse("admin:publishing_edition_change", args=[edition.pk])
    html = client.get(url).content.decode()
    assert edition.sha256 in html
    assert 'name="snapshot"' not in html


@pytest.mark.parametrize("page", ["add", "change", "delete"])
def test_an_edition_is_never_changed(world: World, edition: Edition, page: str) -> None:
    args = [] if page == "add" else [edition.pk]
    url = reverse(f"admin:publishing_edition_{page}", args=args)
    sent = {"post": "yes", "sha256": "1" * 64, "address": "X"}
    for person in (world.lead, world.administrator):
        assert world.client(person).post(url, sent).status_code == 403
    assert list(Edition.objects.values_list("address", "sha256")) == [("AL-2026-Q3-1", "0" * 64)]


def test_somebody_without_a_role_sees_none(world: World, edition: Edition) -> None:
    url = reverse("admin:publishing_edition_changelist")
    assert world.client(world.stranger).get(url).status_code == 403
