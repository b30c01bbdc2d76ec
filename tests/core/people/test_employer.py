"""What people say about themselves counts once somebody else stands for it: the employer, and a name on papers."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from core.models import AuditEntry, Notice, Organisation, Person
from core.people.actions import NameKept, confirm_employer, refuse_employer, save_profile
from core.people.policy import check_character
from core.states import Refused
from tests.core.people.test_profile import answers
from tests.factories import make_certificate, make_period, make_user

NUMBER = "12019919900101007" + check_character("12019919900101007")
Tree = dict[str, Organisation]


@pytest.fixture
def me(client: Client, cast: SimpleNamespace) -> Person:
    """The trainee of the station in `district`."""
    client.force_login(cast.trainee)
    person: Person = cast.trainee.person
    return person


def declare(person: Person, employer: Organisation | None) -> Person:
    person.employer = employer
    save_profile(person=person, actor=person.user)
    return Person.objects.select_related("employer", "declared_employer").get(pk=person.pk)


# --- The employer --------------------------------------------------------------------------------------------------


def test_another_employer_is_declared_and_counts_when_an_administrator_there_confirms_it(
    client: Client, me: Person, tree: Tree, cast: SimpleNamespace
) -> None:
    page = client.post("/profile/", answers(me, employer=tree["other_station"].pk), follow=True)
    assert "待该机构管理员确认" in page.content.decode()
    person = Person.objects.get(pk=me.pk)
    assert (person.employer, person.declared_employer) == (tree["station"], tree["other_station"])
    assert AuditEntry.objects.get(action="core.save_profile").data["after"]["declared_employer_id"]
    notice = Notice.objects.get(user=cast.outsider)
    client.force_login(cast.outsider)
    assert me.name in client.get(notice.url).content.decode()
    client.post(f"/admin/people/declared/{me.pk}/", {"confirm": "1"})
    person.refresh_from_db()
    assert (person.employer, person.declared_employer) == (tree["other_station"], None)
    entry = AuditEntry.objects.get(action="core.confirm_employer")
    assert (entry.user, entry.organisation) == (cast.outsider, tree["other_station"])
    assert Notice.objects.filter(user=cast.trainee, kind="profile").count() == 1
    notice.refresh_from_db()
    assert notice.read_at


def test_saved_again_for_something_else_the_declaration_waits_on(
    client: Client, me: Person, tree: Tree, cast: SimpleNamespace
) -> None:
    declare(me, tree["other_station"])
    form = client.get("/profile/").context["form"]
    client.post("/profile/", answers(me, employer=form.initial["employer"], practice_started_on="2019-01-01"))
    person = Person.objects.get(pk=me.pk)
    assert (person.declared_employer, str(person.practice_started_on)) == (
        tree["other_station"],
        "2019-01-01",
    )
    assert Notice.objects.filter(user=cast.outsider).count() == 1
    client.post("/profile/", answers(me, employer=tree["station"].pk))
    assert Person.objects.get(pk=me.pk).declared_employer is None


def test_a_first_employer_is_declared_too_and_leaving_needs_nobody(tree: Tree, me: Person) -> None:
    newcomer = make_user("新人").person
    newcomer = declare(newcomer, tree["station"])
    assert (newcomer.employer, newcomer.declared_employer) == (None, tree["station"])
    assert declare(me, None).employer is None


def test_not_confirmed_the_employer_stays_and_the_person_reads_why(
    tree: Tree, me: Person, cast: SimpleNamespace
) -> None:
    person = declare(me, tree["other_station"])
    with pytest.raises(Refused):
        refuse_employer(person=person, reason=" ", actor=cast.outsider)
    refuse_employer(person=person, reason="查无此人", actor=cast.outsider)
    person.refresh_from_db()
    assert (person.employer, person.declared_employer) == (tree["station"], None)
    assert Notice.objects.get(user=cast.trainee, kind="profile").values["reason"] == "查无此人"
    with pytest.raises(Refused):
        confirm_employer(person=person, actor=cast.outsider)


@pytest.mark.parametrize("who", ["administrator", "auditor", "trainee", "instructor"])
def test_only_an_administrator_over_the_new_organisation_decides(
    client: Client, me: Person, tree: Tree, cast: SimpleNamespace, who: str
) -> None:
    declare(me, tree["other_station"])
    client.force_login(getattr(cast, who))
    client.post(f"/admin/people/declared/{me.pk}/", {"confirm": "1"})
    assert Person.objects.get(pk=me.pk).employer == tree["station"]


def test_nobody_confirms_their_own(client: Client, tree: Tree, cast: SimpleNamespace) -> None:
    officer = declare(cast.administrator.person, tree["agency"])
    client.force_login(cast.administrator)
    assert client.post(f"/admin/people/declared/{officer.pk}/", {"confirm": "1"}).status_code == 404
    with pytest.raises(Refused):
        confirm_employer(person=officer, actor=cast.administrator)
    said = {"name": officer.name, "employer": tree["station"].pk, "practice_started_on": ""}
    client.post(f"/admin/people/edit/{officer.pk}/", said)
    assert Person.objects.get(pk=officer.pk).employer == tree["district"]


def test_the_database_asks_since_when_it_is_declared(me: Person, tree: Tree) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=me.pk).update(declared_employer=tree["agency"])


# --- The name ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("why", ["number", "certificate", "period"])
def test_a_name_that_papers_rest_on_is_changed_by_an_administrator_alone(
    client: Client, me: Person, tree: Tree, cast: SimpleNamespace, why: str
) -> None:
    if why == "number":
        me.set_id_number("resident_id", NUMBER)
        me.save()
    elif why == "certificate":
        make_certificate(me, tree["district"])
    else:
        make_period(me)
    assert tree["station"].name in str(client.get("/profile/").context["form"].fields["name"].help_text)
    client.post("/profile/", answers(me, name="周立"))
    assert Person.objects.get(pk=me.pk).name == "林小荷"
    me.name = "周立"
    with pytest.raises(NameKept), transaction.atomic():
        save_profile(person=me, actor=me.user)
    client.force_login(cast.administrator)
    said = {"name": "林小禾", "employer": tree["station"].pk, "practice_started_on": ""}
    client.post(f"/admin/people/edit/{me.pk}/", said)
    assert Person.objects.get(pk=me.pk).name == "林小禾"
    changed = AuditEntry.objects.filter(action="core.save_profile", user=cast.administrator).get()
    assert (changed.data["before"]["name"], changed.data["after"]["name"]) == ("林小荷", "林小禾")


def test_an_administrator_does_not_change_a_kept_name_of_their_own(
    client: Client, tree: Tree, cast: SimpleNamespace
) -> None:
    officer = cast.administrator.person
    make_period(officer)
    client.force_login(cast.administrator)
    said = {"name": "周立", "employer": tree["district"].pk, "practice_started_on": ""}
    client.post(f"/admin/people/edit/{officer.pk}/", said)
    assert Person.objects.get(pk=officer.pk).name == "单于明"
