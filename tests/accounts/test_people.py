"""People: how they log in, in which language they read, and which roles they hold."""

import re
from datetime import date, timedelta

import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client, override_settings
from django.utils import timezone

from accounts.models import Institution, InstitutionAlias, User
from indicators.choices import Role
from indicators.models import Membership, Plan
from indicators.rules import acts_for, holds, holds_anywhere, is_coalition, is_secretariat
from tests import factory
from tests.conftest import World

pytestmark = pytest.mark.django_db


def test_a_person_logs_in_by_e_mail_in_any_case() -> None:
    user = factory.make_user("Mira.Person@Example.org")
    assert user.email == "mira.person@example.org"
    assert authenticate(username="mira.person@example.org", password=factory.PASSWORD) == user


def test_a_disabled_person_is_refused_at_once_with_a_session_open() -> None:
    user = factory.make_user("a@example.org")
    client = Client()
    client.force_login(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get("/password/").status_code == 302


def test_a_changed_password_ends_other_sessions() -> None:
    user = factory.make_user("a@example.org")
    client = Client()
    client.force_login(user)
    assert client.get("/password/").status_code == 200
    user.set_password("another long password")
    user.save()
    assert client.get("/password/").status_code == 302


def test_two_people_never_share_an_address_in_any_case() -> None:
    factory.make_user("a@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="A@example.org", name="B")


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer() -> None:
    factory.make_user("a@example.org")
    answers = []
    for email in ("a@example.org", "nobody@example.org"):
        page = Client().post("/login/", {"username": email, "password": "wrong"})
        text = re.sub(r'"\w{64}"', "", page.content.decode())
        answers.append(text.replace(email, "…"))
    assert answers[0] == answers[1]
    assert '"wrong"' not in answers[0]


def test_the_login_never_leads_to_another_site() -> None:
    factory.make_user("a@example.org")
    fields = {"username": "a@example.org", "password": factory.PASSWORD}
    answer = Client().post("/login/?next=https://evil.example/", fields)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/reports/work/")


@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("contributor", "/reports/"),
        ("approver", "/reports/"),
        ("reviewer", "/review/"),
        ("lead", "/review/"),
        ("administrator", "/quarters/"),
        ("observer", "/quarters/"),
        ("stranger", "/"),
    ],
)
def test_everybody_starts_where_the_work_is(world: World, role: str, address: str) -> None:
    answer = world.client(getattr(world, role)).get("/reports/work/")
    assert (answer.status_code, answer.headers["Location"]) == (302, address)


def test_a_person_reads_in_the_own_language_until_another_is_chosen() -> None:
    user = factory.make_user("a@example.org", language="sq")
    client = Client()
    client.force_login(user)
    assert '<html lang="sq"' in client.get("/method/").content.decode()
    client.post("/language/setlang/", {"language": "en", "next": "/method/"})
    assert '<html lang="en"' in client.get("/method/").content.decode()


def test_a_guest_reads_in_the_browsers_language() -> None:
    page = Client().get("/method/", headers={"accept-language": "sq,en;q=0.5"})
    assert '<html lang="sq"' in page.content.decode()


def test_private_pages_are_never_kept() -> None:
    user = factory.make_user("a@example.org")
    client = Client()
    client.force_login(user)
    assert client.get("/password/").headers["Cache-Control"] == "no-store, private"


def test_a_demonstration_user_is_nobody_in_production() -> None:
    user = factory.make_user("lead@demo.example", is_demo=True)
    client = Client()
    client.force_login(user)
    assert client.get("/password/").status_code == 302
    with override_settings(DEMO=True):
        client.force_login(user)
        assert client.get("/password/").status_code == 200


class TestRoles:
    def test_a_role_counts_in_its_plan_only(self, world: World) -> None:
        other = factory.make_plan("CD", country="CD")
        assert holds(world.reviewer, world.plan.pk, Role.REVIEWER)
        assert not holds(world.reviewer, other.pk, Role.REVIEWER)
        assert is_coalition(world.lead, world.plan.pk)
        assert not is_coalition(world.lead, other.pk)

    def test_a_ministry_role_counts_for_its_institution_only(self, world: World) -> None:
        plan, who = world.plan.pk, world.contributor
        assert acts_for(who, plan, world.defence.pk)
        assert acts_for(who, plan, world.defence.pk, Role.CONTRIBUTOR)
        assert not acts_for(who, plan, world.defence.pk, Role.APPROVER)
        assert not acts_for(who, plan, world.interior.pk)

    def test_nobody_holds_nothing(self, world: World) -> None:
        assert not holds_anywhere(None, *Role)
        assert not holds_anywhere(world.stranger, *Role)
        assert is_secretariat(world.administrator, world.plan.pk)

    @pytest.mark.parametrize(("days", "counts"), [(-1, False), (0, True), (1, True)])
    def test_a_role_counts_through_its_last_day(
        self, world: World, days: int, counts: bool
    ) -> None:
        last = timezone.localdate() + timedelta(days=days)
        world.lead.memberships.update(expires_on=last)
        assert holds(world.fresh(world.lead), world.plan.pk, Role.LEAD) is counts

    def test_a_disabled_person_holds_nothing(self, world: World) -> None:
        world.lead.is_active = False
        assert not holds(world.lead, world.plan.pk, Role.LEAD)

    def test_a_revoked_role_is_gone_at_the_next_request(self, world: World) -> None:
        client = world.client(world.reviewer)
        assert client.get("/review/").status_code == 200
        world.submitted()
        assert "Ministry of Defence" in client.get("/review/").content.decode()
        world.reviewer.memberships.all().delete()
        assert "Ministry of Defence" not in client.get("/review/").content.decode()

    @pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.APPROVER])
    def test_the_ministrys_roles_need_an_institution(self, world: World, role: Role) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.create(user=world.stranger, plan=world.plan, role=role)

    @pytest.mark.parametrize("role", [Role.REVIEWER, Role.LEAD, Role.ADMINISTRATOR, Role.OBSERVER])
    def test_the_other_roles_have_none(self, world: World, role: Role) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.create(
                user=world.stranger, plan=world.plan, role=role, institution=world.defence
            )

    @pytest.mark.parametrize("name", ["contributor", "reviewer"])
    def test_nobody_holds_the_same_role_twice(self, world: World, name: str) -> None:
        held = getattr(world, name).memberships.get()
        held.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            held.save()

    def test_plans_are_found_by_the_role_held_in_them(self, world: World) -> None:
        factory.make_plan("CD", country="CD")
        assert list(Plan.objects.with_role(world.lead, Role.LEAD)) == [world.plan]
        assert not Plan.objects.with_role(world.lead, Role.OBSERVER).exists()
        world.lead.memberships.update(expires_on=date(2020, 1, 1))
        assert not Plan.objects.with_role(world.lead, Role.LEAD).exists()


class TestInstitutions:
    def test_a_code_is_given_once_in_a_country(self) -> None:
        factory.make_institution("MM")
        with pytest.raises(IntegrityError), transaction.atomic():
            factory.make_institution("MM")
        factory.make_institution("MM", country="CD")
        assert Institution.objects.filter(code="MM").count() == 2

    @pytest.mark.parametrize("country", ["al", "A", "A1", ""])
    def test_a_country_is_two_capital_letters(self, country: str) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            factory.make_institution("MM", country=country)

    @pytest.mark.parametrize("code", ["a/b", "a;b", "?", "", "a#b", "50%"])
    def test_a_code_that_breaks_addresses_is_refused(self, code: str) -> None:
        body = Institution(country="AL", code=code, name_en="X", name="X", kind="ministry")
        with pytest.raises(ValidationError) as refusal:
            body.full_clean()
        assert "code" in refusal.value.message_dict

    def test_a_name_stands_once_among_its_aliases(self) -> None:
        body = factory.make_institution("MM")
        InstitutionAlias.objects.create(institution=body, name="Army")
        with pytest.raises(IntegrityError), transaction.atomic():
            InstitutionAlias.objects.create(institution=body, name="Army")

    def test_a_name_falls_back_to_a_language_that_has_it(self) -> None:
        from django.utils import translation

        body = factory.make_institution("MM", "Defence", name_sq="Mbrojtja")
        with translation.override("sq"):
            assert str(Institution.objects.get(pk=body.pk)) == "Mbrojtja"
        Institution.objects.filter(pk=body.pk).update(name_sq="")
        with translation.override("sq"):
            assert str(Institution.objects.get(pk=body.pk)) == "Defence"
