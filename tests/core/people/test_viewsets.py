"""People at the desk: one's own tree, and nothing beyond it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client

from core.models import AuditEntry, Organisation
from core.people.policy import check_character
from tests.core.people.conftest import names_on
from tests.factories import ServiceFieldFactory

NUMBER = "12019919900101007" + check_character("12019919900101007")


def test_an_administrator_lists_the_people_of_the_own_tree(desk: Client, cast: SimpleNamespace) -> None:
    body = names_on(desk, "/admin/people/")
    assert cast.trainee.person.name in body and cast.outside_trainee.person.name not in body


@pytest.mark.parametrize("words", ["林小荷", "小荷", "lin", "lxh", "linxiaohe"])
def test_people_are_found_by_name_pinyin_and_initials(desk: Client, words: str) -> None:
    body = names_on(desk, f"/admin/people/results/?q={words}")
    assert "林小荷" in body and "查理明" not in body


def test_the_list_sorts_by_pinyin_and_its_queries_do_not_grow(
    desk: Client, cast: SimpleNamespace, tree: dict[str, Organisation]
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.factories import give_role, make_user

    desk.get("/admin/people/")
    with CaptureQueriesContext(connection) as few:
        desk.get("/admin/people/")
    for number in range(12):
        give_role(
            make_user(f"仇{'甲乙丙丁戊己庚辛壬癸子丑'[number]}", tree["station"]), "trainee", tree["station"]
        )
    with CaptureQueriesContext(connection) as many:
        body = names_on(desk, "/admin/people/?ordering=pinyin")
    assert len(many) == len(few)
    assert body.index("仇甲") > body.index("林小荷")  # 仇 is read qiú


def test_filters_by_role_and_employer(desk: Client, tree: dict[str, Organisation]) -> None:
    body = names_on(desk, "/admin/people/results/?role=auditor")
    assert "查理明" in body and "林小荷" not in body
    body = names_on(desk, f"/admin/people/results/?employer={tree['station'].pk}")
    assert "林小荷" in body and "查理明" not in body


@pytest.mark.parametrize("page", ["person", "edit", "reveal"])
def test_people_of_another_district_are_not_there(desk: Client, cast: SimpleNamespace, page: str) -> None:
    other = cast.outside_trainee.person
    other.set_id_number("resident_id", NUMBER)
    other.save()
    assert desk.get(f"/admin/people/{page}/{other.pk}/").status_code == 404
    said = {"name": "改名", "employer": other.employer_id, "reason": "核对资格"}
    assert desk.post(f"/admin/people/{page}/{other.pk}/", said).status_code in (404, 405)
    other.refresh_from_db()
    assert other.name == "华清"


def test_an_administrator_corrects_a_person_within_the_tree(
    desk: Client, cast: SimpleNamespace, tree: dict[str, Organisation]
) -> None:
    person = cast.trainee.person
    said = {"name": "林晓荷", "employer": tree["agency"].pk, "practice_started_on": "2020-01-01"}
    assert desk.post(f"/admin/people/edit/{person.pk}/", said).status_code == 302
    person.refresh_from_db()
    assert (person.name, person.employer) == ("林晓荷", tree["agency"])
    away = desk.post(f"/admin/people/edit/{person.pk}/", said | {"employer": tree["other_station"].pk})
    assert away.status_code == 200 and away.context["form"].errors["employer"]


def test_the_whole_id_number_needs_a_reason_and_leaves_a_trace(desk: Client, cast: SimpleNamespace) -> None:
    person = cast.trainee.person
    person.set_id_number("resident_id", NUMBER)
    person.save()
    assert NUMBER not in names_on(desk, f"/admin/people/person/{person.pk}/")
    assert NUMBER not in desk.post(f"/admin/people/reveal/{person.pk}/", {"reason": ""}).content.decode()
    assert not AuditEntry.objects.filter(action="core.reveal_id").exists()
    assert (
        NUMBER in desk.post(f"/admin/people/reveal/{person.pk}/", {"reason": "核对职业资格"}).content.decode()
    )
    entry = AuditEntry.objects.get(action="core.reveal_id")
    assert entry.user_id == cast.administrator.pk and entry.data["reason"] == "核对职业资格"
    assert NUMBER not in str(entry.data)


@pytest.mark.parametrize("part", ["auditor", "finance", "instructor"])
def test_others_may_not_reveal(client: Client, cast: SimpleNamespace, part: str) -> None:
    person = cast.trainee.person
    person.set_id_number("resident_id", NUMBER)
    person.save()
    client.force_login(getattr(cast, part))
    answer = client.post(f"/admin/people/reveal/{person.pk}/", {"reason": "想看看"})
    assert answer.status_code == 404 and NUMBER not in answer.content.decode()


def test_only_those_who_lead_a_tree_keep_the_service_fields(
    client: Client, cast: SimpleNamespace, tree: dict[str, Organisation]
) -> None:
    from tests.factories import give_role, make_user

    field = ServiceFieldFactory()
    client.force_login(cast.administrator)
    assert client.get(f"/admin/service-fields/edit/{field.pk}/").status_code == 302
    leader = make_user("省长办", tree["province"])
    give_role(leader, "administrator", tree["province"])
    client.force_login(leader)
    said = {"code": field.code, "name": "社区治理", "name_en": "Community", "position": 3, "is_active": "on"}
    assert client.post(f"/admin/service-fields/edit/{field.pk}/", said).status_code == 302
    field.refresh_from_db()
    assert field.name == "社区治理"
    assert AuditEntry.objects.get(action="core.save_service_field").organisation == tree["province"]


def test_the_account_page_works_without_first_and_last_name(desk: Client) -> None:
    body = names_on(desk, "/admin/account/")
    assert "name_email-first_name" not in body and "avatar-avatar" not in body
    said = {
        "locale-preferred_language": "en",
        "theme-theme": "dark",
        "theme-contrast": "system",
        "theme-density": "default",
    }
    assert desk.post("/admin/account/", said).status_code in (200, 302)


@pytest.mark.parametrize("part", ["administrator", "instructor", "auditor"])
def test_wagtails_lists_of_accounts_are_for_the_operator_only(
    client: Client, cast: SimpleNamespace, part: str
) -> None:
    client.force_login(getattr(cast, part))
    for path in ("/admin/users/", "/admin/groups/"):
        assert client.get(path).status_code == 302
    body = client.get("/admin/").content.decode()
    assert "/admin/users/" not in body and "/admin/groups/" not in body


@pytest.mark.parametrize("day", ["2999-01-01", "1900-01-01", "2026-02-30"])
def test_an_officer_enters_no_impossible_day_either(desk: Client, cast: SimpleNamespace, day: str) -> None:
    person = cast.trainee.person
    said = {"name": "林晓荷", "employer": person.employer_id, "practice_started_on": day}
    answer = desk.post(f"/admin/people/edit/{person.pk}/", said)
    assert list(answer.context["form"].errors) == ["practice_started_on"]
    assert 'value="林晓荷"' in answer.content.decode()
