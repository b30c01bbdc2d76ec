"""Nobody decides about themselves through an officer whom they have let in: who could otherwise be both."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from core.imports import actions as imports
from core.jobs.actions import run_job
from core.models import Notice, Person
from core.sheets.writing import Heading, Table, workbook
from core.states import Refused
from credentials.commendations.actions import strike_commendation
from credentials.conduct.actions import lift_conduct, record_conduct
from credentials.models import Commendation, QualificationLevel, QualificationRecord
from credentials.public import work_for
from credentials.qualifications.actions import (
    declare_period,
    declare_qualification,
    open_scan,
    return_period,
    return_qualification,
    verify_period,
    verify_qualification,
)
from credentials.qualifications.policy import Said
from tests.factories import (
    give_role,
    make_commendation,
    make_conduct,
    make_period,
    make_proof,
    make_user,
)


@pytest.fixture
def puppet(cast, tree):
    """An administrator of the district by the word of another one, who answers for nothing else."""
    user = make_user("傀儡", tree["district"])
    give_role(user, "administrator", tree["district"], granted_by=cast.administrator)
    return user


@pytest.fixture
def level(db):
    found = {"name": "助理社会工作师", "target_hours": 72}
    return QualificationLevel.objects.get_or_create(code="assistant", defaults=found)[0]


@pytest.fixture
def declared(cast, puppet, level):
    said = Said("20250001", timezone.localdate() - timedelta(days=30))
    holder = cast.administrator
    return declare_qualification(
        person=holder.person, level=level, said=said, upload=make_proof(), actor=holder
    )


def test_a_qualification_is_verified_by_somebody_else_who_alone_is_asked(cast, puppet, declared):
    assert not puppet.has_perm("credentials.verify_qualificationrecord", declared)
    assert not Notice.objects.filter(user=puppet).exists() and "qualifications" not in work_for(puppet)
    with pytest.raises(Refused, match="来自本人"):
        verify_qualification(qualification=declared, actor=puppet)
    assert Notice.objects.filter(user=cast.city_administrator, kind="qualification").count() == 1
    assert cast.city_administrator.has_perm("credentials.verify_qualificationrecord", declared)
    open_scan(qualification=declared, actor=cast.city_administrator)
    verify_qualification(qualification=declared, actor=cast.city_administrator)


def test_nor_is_a_registration_verified(cast, puppet):
    period = make_period(cast.administrator.person, state="declared")
    assert not puppet.has_perm("credentials.verify_registrationperiod", period)
    with pytest.raises(Refused):
        verify_period(period=period, actor=puppet)
    verify_period(period=period, actor=cast.city_administrator)


def test_a_registration_is_asked_of_whoever_can_verify_it_and_settled_wherever_its_person_works_by_then(
    cast, tree, puppet, level
):
    holder = cast.administrator.person
    day = timezone.localdate() - timedelta(days=30)
    period = declare_period(person=holder, level=level, starts_on=day, actor=cast.administrator)
    asked = Notice.objects.filter(source__startswith="credentials.declare_period:", read_at=None)
    assert [each.user for each in asked] == [cast.city_administrator]
    assert "declared" not in work_for(puppet) and work_for(cast.city_administrator) == {"declared": 1}
    asked.create(
        user=cast.city_administrator, kind="hours", source=f"credentials.declare_period:{period.pk}2:"
    )
    Person.objects.filter(pk=holder.pk).update(employer=tree["other_district"])
    period.refresh_from_db()
    verify_period(period=period, actor=cast.outsider)
    assert [each.source for each in asked.all()] == [f"credentials.declare_period:{period.pk}2:"]


def test_nor_a_conduct_record_lifted(cast, puppet):
    kept = make_conduct(cast.administrator.person, cast.city_administrator)
    assert not puppet.has_perm("credentials.lift_conductrecord", kept)
    with pytest.raises(Refused):
        lift_conduct(kept=kept, reason="查无此事", actor=puppet)


def test_nor_a_commendation_registered(cast, puppet):
    assert not puppet.has_perm("credentials.register_commendation", cast.administrator.person)
    with pytest.raises(Refused):
        make_commendation(cast.administrator.person, puppet)
    make_commendation(cast.trainee.person, puppet)


def test_nor_anything_returned_struck_off_or_recorded_and_the_pages_say_why(client, cast, puppet, declared):
    holder, other = cast.administrator.person, cast.city_administrator
    period = make_period(holder, state="declared")
    title = make_commendation(holder, other)
    kept = make_conduct(holder, other)
    today = timezone.localdate()
    conduct = {"head": "ethics", "occurred_on": today, "established_on": today, "source": "示例〔2025〕1号"}
    acts = [
        (
            "verify_registrationperiod",
            period,
            lambda by: return_period(period=period, reason="不符", actor=by),
        ),
        (
            "verify_qualificationrecord",
            declared,
            lambda by: return_qualification(qualification=declared, reason="不符", actor=by),
        ),
        (
            "strike_commendation",
            title,
            lambda by: strike_commendation(commendation=title, reason="重复", actor=by),
        ),
        ("record_conduct", holder, lambda by: record_conduct(person=holder, actor=by, **conduct)),
    ]
    client.force_login(puppet)
    for perm, row, act in acts:
        assert not puppet.has_perm(f"credentials.{perm}", row) and other.has_perm(f"credentials.{perm}", row)
        with pytest.raises(Refused, match="来自本人"):
            act(puppet)
    pages = {"periods": period, "qualifications": declared, "commendations": title, "conduct": kept}
    for name, row in pages.items():
        page = reverse(f"{name}:inspect", args=[row.pk])
        assert "来自本人" in client.get(page).content.decode(), name
        assert client.post(page, {"return": "1", "reason": "不符"}).status_code == 404
    assert client.post(reverse("conduct:add", args=[holder.pk]), conduct).status_code == 404
    client.force_login(other)
    for name, row in pages.items():
        shown = client.get(reverse(f"{name}:inspect", args=[row.pk])).content.decode()
        assert "来自本人" not in shown, name
    for _perm, _row, act in acts:
        act(other)


@pytest.mark.parametrize("kind", ["qualifications", "commendations"])
def test_nor_either_taken_over_from_a_table(cast, tree, puppet, level, kind):
    holder = cast.administrator
    said = {"姓名": holder.person.name, "手机号": "", "邮箱": holder.email}
    said |= {"级别": level.name, "证书编号": "20250001", "发证日期": "2025-09-01"}
    if kind == "commendations":
        said |= {"级别": "市级", "荣誉名称": "最美社工", "授予单位": "示例市民政局", "年份": "2025"}
    table = workbook(Table("名单", [Heading(name) for name in said], [list(said.values())]))
    sheet = imports.start_import(
        kind=kind,
        organisation=tree["district"],
        title="名单",
        upload=SimpleUploadedFile("名单.xlsx", table),
        all_or_none=False,
        actor=puppet,
    )
    run_job(sheet.job_id)
    assert "来自本人" in str(sheet.lines.get().message_here)
    assert not QualificationRecord.objects.exists() and not Commendation.objects.exists()
