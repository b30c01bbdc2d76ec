"""One's own profile: what may be said, what is kept, what can be taken away."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from core.models import AuditEntry, Organisation, Person
from tests.factories import ServiceFieldFactory

GOOD_ID = "120199199001010072"  # of the unassigned region 120199, with the right check digit


def check_digit(first: str) -> str:
    from core.people.policy import check_character

    return first + check_character(first)


@pytest.fixture
def me(client: Client, cast: SimpleNamespace) -> Person:
    client.force_login(cast.trainee)
    return cast.trainee.person


def answers(person: Person, **changes: Any) -> dict[str, Any]:
    return {
        "name": person.name,
        "employer_words": "",
        "employer": person.employer_id or "",
        "practice_started_on": "2020-07-01",
        "phone": "",
        "notice_mail": "digest",
    } | changes


def test_what_is_said_is_kept_and_audited(client: Client, me: Person, tree: dict[str, Organisation]) -> None:
    field = ServiceFieldFactory()
    said = answers(
        me, name="林小禾", employer=tree["agency"].pk, phone="+86 138 0013 8000", service_fields=[field.pk]
    )
    assert client.post("/profile/", said)["Location"] == "/profile/"
    me = Person.objects.get(pk=me.pk)
    assert (me.name, me.declared_employer, me.user.phone) == ("林小禾", tree["agency"], "13800138000")
    assert list(me.fields.all()) == [field]
    entry = AuditEntry.objects.get(action="core.save_profile")
    assert entry.data["after"]["phone"] == "changed" and "13800138000" not in json.dumps(entry.data)


@pytest.mark.parametrize(
    "name", ["=1+1", "+86", "@王", "王\u0000明", "王\u200b明\u202e", "<script>", "x" * 61]
)
def test_a_name_that_is_none_is_refused_and_the_rest_stays_typed(
    client: Client, me: Person, name: str
) -> None:
    answer = client.post("/profile/", answers(me, name=name, practice_started_on="2019-03-04"))
    assert answer.status_code == 200 and answer.context["form"].errors["name"]
    assert "2019-03-04" in answer.content.decode()
    assert Person.objects.get(pk=me.pk).name == me.name


@pytest.mark.parametrize("day", ["2999-01-01", "1900-01-01", "2023-02-30", "gestern"])
def test_an_impossible_day_is_refused(client: Client, me: Person, day: str) -> None:
    assert (
        client.post("/profile/", answers(me, practice_started_on=day))
        .context["form"]
        .errors["practice_started_on"]
    )


def test_a_number_of_another_account_is_refused(client: Client, me: Person, cast: SimpleNamespace) -> None:
    cast.supervisor.phone = "13900139000"
    cast.supervisor.save()
    assert client.post("/profile/", answers(me, phone="13900139000")).context["form"].errors["phone"]


def test_a_number_from_before_the_rule_may_stay(client: Client, me: Person) -> None:
    me.user.phone = "12000000001"
    me.user.save()
    assert client.post("/profile/", answers(me, phone="12000000001")).status_code == 302


def test_the_employer_is_found_by_part_of_its_name(
    client: Client, me: Person, tree: dict[str, Organisation]
) -> None:
    body = client.get("/profile/employers/", {"employer_words": "同心"}).content.decode()
    assert f'value="{tree["agency"].pk}"' in body and tree["district"].name in body
    client.post("/profile/", answers(me, employer_words="同心社工"))
    assert Person.objects.get(pk=me.pk).declared_employer == tree["agency"]


def test_of_several_employers_one_must_be_chosen(client: Client, me: Person) -> None:
    answer = client.post("/profile/", answers(me, employer_words="指导中心"))
    assert answer.context["form"].errors["employer_words"]
    assert answer.content.decode().count('name="employer"') >= 3


def test_an_id_number_is_sealed_masked_and_consented_to(client: Client, me: Person) -> None:
    number = check_digit("12019919900101007")
    said = {"id_type": "resident_id", "number": number, "consent": "on"}
    assert client.post("/profile/id/", said)["Location"] == "/profile/"
    me = Person.objects.get(pk=me.pk)
    assert me.id_number == number
    body = client.get("/profile/").content.decode()
    assert number not in body and me.id_masked in body
    assert me.consents.get(purpose="id_number").withdrawn_at is None
    client.post("/profile/id/remove/")
    me = Person.objects.get(pk=me.pk)
    assert me.id_number is None and me.consents.get(purpose="id_number").withdrawn_at


@pytest.mark.parametrize(
    "number", ["", "123", "120199199013010079", "110101199001011234", "12019919900101007Y", "王"]
)
def test_a_wrong_id_number_is_refused_in_words(client: Client, me: Person, number: str) -> None:
    said = {"id_type": "resident_id", "number": number, "consent": "on"}
    answer = client.post("/profile/id/", said)
    assert answer.status_code == 200 and answer.context["form"].errors["number"]
    assert Person.objects.get(pk=me.pk).id_hash is None


def test_the_number_of_somebody_else_is_refused(client: Client, me: Person, cast: SimpleNamespace) -> None:
    number = check_digit("12019919900101007")
    cast.supervisor.person.set_id_number("resident_id", number)
    cast.supervisor.person.save()
    answer = client.post("/profile/id/", {"id_type": "resident_id", "number": number, "consent": "on"})
    assert answer.context["form"].errors["number"]


def test_everything_kept_about_me_can_be_taken_away_and_nobody_elses(
    client: Client, me: Person, cast: SimpleNamespace
) -> None:
    data = json.loads(client.get("/profile/export/").content)
    assert data["account"]["email"] == me.user.email
    assert {
        "person",
        "consents",
        "roles",
        "notices",
        "enrolments",
        "applications",
        "certificates",
        "hours",
    } <= set(data)
    assert cast.other_trainee.email not in json.dumps(data)
    assert AuditEntry.objects.filter(action="core.export_own_data", target_id=str(me.pk)).exists()


def test_the_profile_leads_back_to_where_it_was_needed(client: Client, me: Person) -> None:
    said = answers(me) | {"next": "/learn/cohorts/1/apply/"}
    assert client.post("/profile/", said)["Location"] == "/learn/cohorts/1/apply/"
    assert client.post("/profile/", said | {"next": "https://evil.example/"})["Location"] == "/profile/"


@pytest.mark.parametrize(
    ("id_type", "number", "said"),
    [
        ("passport", "E1", "格式"),
        ("hk_macao_permit", "X12345678", "格式"),
        ("taiwan_permit", "1234", "格式"),
        ("resident_id", "1201991990", "18"),
    ],
)
def test_of_another_document_nothing_is_said_about_eighteen_characters(
    client: Client, me: Person, id_type: str, number: str, said: str
) -> None:
    answer = client.post("/profile/id/", {"id_type": id_type, "number": number, "consent": "on"})
    words = str(answer.context["form"].errors["number"])
    assert said in words and ("18" in words) == (id_type == "resident_id")
    assert f'value="{number}"' in answer.content.decode(), "what was typed is still there"


@pytest.mark.parametrize(
    "day", ["2026-02-30", "0001-01-01", "9999-12-31", "1890-01-01", "10000-01-01", "昨天"]
)
def test_a_day_that_cannot_be_is_said_at_its_field_and_nothing_typed_is_lost(
    client: Client, me: Person, day: str
) -> None:
    answer = client.post("/profile/", answers(me, name="林小禾", practice_started_on=day))
    assert list(answer.context["form"].errors) == ["practice_started_on"]
    assert 'value="林小禾"' in answer.content.decode()
    assert f'value="{day}"' in answer.content.decode()


def test_the_service_fields_are_read_in_the_readers_language(client: Client, me: Person) -> None:
    ServiceFieldFactory(name="禁毒社会工作", name_en="Drug work")
    shown = client.get("/profile/", headers={"accept-language": "en"}).content.decode()
    assert "Drug work" in shown and "禁毒社会工作" not in shown
    assert "禁毒社会工作" in client.get("/profile/").content.decode()
