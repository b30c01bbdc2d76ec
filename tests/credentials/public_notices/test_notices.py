"""A public notice from its opening to the telling of its owner, at the desk and on the page that everybody reads."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry, Holiday, Notice
from core.states import IllegalMove
from credentials.models import Objection, PublicNotice, PublicNoticeLine, SettledLine
from credentials.public import reconcile
from credentials.public_notices.actions import (
    NoticeRefused,
    answer_objection,
    close_due_notices,
    file_objection,
    open_notice,
    withdraw_notice,
)
from credentials.public_notices.policy import NoticeLine
from credentials.signals import notice_ended, notice_withdrawn
from tests.factories import give_role, make_notice, make_objection, make_user

THREE = [
    NoticeLine("claim-1", "林小荷", "和平区新街社工站", "助理社会工作师", Decimal("1800")),
    NoticeLine("claim-2", "周一鸣", "和平区新街社工站", "社会工作师", Decimal("3000")),
    NoticeLine("claim-3", "解安", "示例市民政局", "高级社会工作师", Decimal("5000")),
]
OBJECTS = {"said": "她没有取得证书", "name": "路人甲", "contact": "13800138000"}


@pytest.fixture
def told():
    """What owners are told, in its order."""
    events = []

    def hear(sender, event, **_):
        events.append(event)

    notice_ended.connect(hear)
    notice_withdrawn.connect(hear)
    yield events
    notice_ended.disconnect(hear)
    notice_withdrawn.disconnect(hear)


def ended(events):
    return [(event.cleared_keys, event.upheld_keys) for event in events]


def test_a_source_has_one_notice_and_its_text_never_changes(tree, cast):
    said = {
        "organisation": tree["city"], "title": "2026年第一批拟发放名单", "about": "claims", "source": "claims:jingzhou-2022:12",
        "lines": THREE, "days": 5, "counts": "working", "contact": "0716-8123456", "actor": cast.city_administrator,
    }  # fmt: skip
    Holiday.objects.all().delete()
    first = open_notice(**said)
    assert open_notice(**said | {"title": "又一次"}) == first
    assert (first.lines.count(), first.opened_by) == (3, cast.city_administrator)
    assert first.without_holidays[:1] == [timezone.localdate().year]
    for change in (
        lambda: first.lines.update(name="别人"),
        lambda: first.lines.all()[0].delete(),
        lambda: PublicNotice.objects.filter(pk=first.pk)._raw_delete(using="default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    with pytest.raises(IntegrityError), transaction.atomic():
        PublicNoticeLine.objects.create(notice=first, position=9, key="x", name="13800138000")
    for wrong in (
        {"lines": []},
        {"lines": [THREE[0], THREE[0]]},
        {"lines": [NoticeLine("x", "林小荷", "1380013 8000", "")]},
        {"title": "拟发放 11010519491231002X"},
        {"contact": "13800138000"},
        {"days": 0},
    ):
        with pytest.raises(NoticeRefused):
            open_notice(**said | {"source": "other"} | wrong)
    assert PublicNotice.objects.count() == 1


def test_holidays_are_none_of_its_days_and_known_years_warn_of_nothing(tree):
    today = timezone.localdate()
    Holiday.objects.create(
        name="长假", starts_on=today + timedelta(days=1), ends_on=today + timedelta(days=14)
    )
    for year in (today.year, today.year + 1):
        Holiday.objects.create(name="元旦", starts_on=date(year, 1, 1), ends_on=date(year, 1, 1))
    notice = make_notice(tree["city"], days=1)
    assert notice.ends_on > today + timedelta(days=14) and notice.without_holidays == []


def test_a_weekend_that_is_worked_is_one_of_its_days(tree):
    today = timezone.localdate()
    Holiday.objects.all().delete()
    saturday = today + timedelta(days=5 - today.weekday() if today.weekday() < 5 else 12 - today.weekday())
    days = (saturday - today).days

    assert make_notice(tree["city"], days=days, counts="working").ends_on > saturday
    Holiday.objects.create(
        name="调休",
        starts_on=saturday - timedelta(days=7),
        ends_on=saturday - timedelta(days=6),
        is_worked=True,
    )
    Holiday.objects.create(name="调休", starts_on=saturday, ends_on=saturday, is_worked=True)
    notice = make_notice(tree["city"], days=days, counts="working", source="another")

    assert notice.ends_on == saturday and today.year in notice.without_holidays


def test_lines_without_an_open_objection_are_cleared_and_each_is_told_once(tree, cast, told):
    notice = make_notice(tree["city"], *THREE, ended=1)
    about_first, about_second = make_objection(notice, 1), make_objection(notice, 2)
    for _again in range(2):
        close_due_notices()
        reconcile()
    notice.refresh_from_db()
    assert notice.state == "closed" and ended(told) == [(("claim-3",), ())]
    answer_objection(objection=about_first, upheld=True, answer="查实。", actor=cast.city_administrator)
    answer_objection(objection=about_second, upheld=False, answer="不实。", actor=cast.city_administrator)
    assert ended(told)[1:] == [((), ("claim-1",)), (("claim-2",), ())]
    assert {event.source for event in told} == {notice.source}
    with pytest.raises(IllegalMove):
        answer_objection(objection=about_second, upheld=True, answer="又查。", actor=cast.city_administrator)
    reconcile()
    assert len(told) == 3 and SettledLine.objects.count() == 3
    with pytest.raises(DatabaseError), transaction.atomic():
        SettledLine.objects.update(outcome="cleared")


def test_an_objection_to_the_whole_notice_keeps_every_line(tree, cast, told):
    notice = make_notice(tree["city"], *THREE[:2], ended=1)
    whole = make_objection(notice, None)
    close_due_notices()
    assert told == []
    answer_objection(objection=whole, upheld=False, answer="程序合规。", actor=cast.city_administrator)
    assert ended(told) == [(("claim-1", "claim-2"), ())]


def test_what_an_owner_cannot_take_stays_open_and_is_tried_again(tree, told):
    first, second = make_notice(tree["city"], *THREE, ended=2), make_notice(tree["district"], ended=1)

    def fails(sender, event, **_):
        if event.notice_id == first.pk:
            raise RuntimeError("the owner is not ready")

    notice_ended.connect(fails)
    assert close_due_notices() == 1
    notice_ended.disconnect(fails)
    first.refresh_from_db()
    assert first.state == "running" and not first.lines.exclude(settled=None).exists()
    assert close_due_notices() == 1 and {event.notice_id for event in told} == {first.pk, second.pk}


def test_nobody_answers_their_own_objection_or_one_about_their_name(tree, cast):
    notice = make_notice(tree["city"], *THREE)
    mine, about_me, fair = make_objection(notice, 1, cast.city_administrator), make_objection(notice, 3), make_objection(notice, 2)  # fmt: skip
    for row in (mine, about_me, make_objection(notice, None)):
        with pytest.raises(NoticeRefused):
            answer_objection(objection=row, upheld=False, answer="不实。", actor=cast.city_administrator)
    with pytest.raises(IntegrityError), transaction.atomic():
        Objection.objects.filter(pk=mine.pk).update(
            state="dismissed",
            answer="不实。",
            answered_by=cast.city_administrator,
            answered_at=timezone.now(),
        )
    answer_objection(objection=fair, upheld=False, answer="不实。", actor=cast.city_administrator)
    assert fair.state == "dismissed"


def test_a_withdrawn_notice_clears_nothing_and_shows_no_name(tree, cast, client, told):
    notice = make_notice(tree["city"], *THREE)
    for secret in ("身份证号11010519491231002X有误", "请联系13800138000"):
        with pytest.raises(NoticeRefused):
            withdraw_notice(notice=notice, reason=secret, actor=cast.city_administrator)
    withdraw_notice(notice=notice, reason="名单有误，重新公示。", actor=cast.city_administrator)
    assert [event.keys for event in told] == [("claim-1", "claim-2", "claim-3")]
    PublicNotice.objects.filter(pk=notice.pk).update(
        starts_on=timezone.localdate() - timedelta(days=9), ends_on=timezone.localdate() - timedelta(days=2)
    )
    assert close_due_notices() == 0 and len(told) == 1
    page = client.get(notice.get_absolute_url()).content.decode()
    assert "名单有误" in page and "林小荷" not in page


# --- The page that everybody reads ----------------------------------------------------------------------------


def test_a_visitor_reads_objects_and_the_office_is_told(tree, cast, client):
    notice = make_notice(tree["city"], *THREE)
    page = client.get(notice.get_absolute_url()).content.decode()
    assert "周一鸣" in page and "¥3,000.00" in page and "claim-2" not in page
    line = notice.lines.get(position=2)
    empty = client.post(notice.get_absolute_url(), {"line": line.pk, "said": "她没有证书"})
    assert "她没有证书" in empty.content.decode() and not Objection.objects.exists()
    answer = client.post(notice.get_absolute_url(), OBJECTS | {"line": line.pk})
    assert answer["Location"].endswith("#objected")
    sent = client.get(answer["Location"]).content.decode().partition('id="object"')[2]
    told, form = sent.index("异议已送达办公室"), sent.index("<form")
    assert told < sent.index("<details") < form  # said where it was sent, and the form is folded away
    filed = Objection.objects.get()
    assert (filed.line, filed.filed_by, filed.contact) == (line, None, "13800138000")
    assert Notice.objects.filter(user=cast.city_administrator, kind="credentials.public_notice").exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT said, name, contact FROM credentials_objection")
        kept = " ".join(cursor.fetchone())
    trail = AuditEntry.objects.get(action="credentials.file_objection")
    assert not any(word in kept + str(trail.data) + trail.label for word in ("路人甲", "13800138000", "证书"))
    other = make_notice(tree["city"])
    client.post(notice.get_absolute_url(), OBJECTS | {"line": other.lines.get().pk})
    assert Objection.objects.count() == 1


def test_after_the_last_day_no_objection_is_taken_and_after_thirty_days_no_name_is_shown(
    tree, client, settings
):
    notice = make_notice(tree["city"], *THREE, ended=1)
    page = client.get(notice.get_absolute_url()).content.decode()
    assert (
        "公示已结束" in page
        and "林小荷" in page
        and "<form" not in page.split("<article")[1].split("</article>")[0]
    )
    client.post(notice.get_absolute_url(), OBJECTS)
    with pytest.raises(NoticeRefused):
        file_objection(notice=notice, line=None, actor=None, **OBJECTS)
    assert not Objection.objects.exists()
    settings.PUBLIC_NOTICE_DAYS_SHOWN = 0
    assert "林小荷" not in client.get(notice.get_absolute_url()).content.decode()


def test_a_flood_of_objections_is_held_back(tree, client):
    notice = make_notice(tree["city"])
    answers = [client.post(notice.get_absolute_url(), OBJECTS).status_code for _ in range(7)]
    assert answers.count(429) == 2 and Objection.objects.count() == 5


def test_the_canary_no_number_of_a_person_is_on_the_page(tree, cast, client):
    """Everything that the product knows of these people, and none of their numbers on any public page."""
    person = cast.trainee.person
    person.set_id_number("resident_id", "11010519491231002X")
    person.save()
    cast.trainee.phone_sealed = "13912345678"
    cast.trainee.save()
    notice = make_notice(
        tree["city"],
        NoticeLine("claim-1", person.name, person.employer.name, "助理社会工作师", Decimal("123456.78")),
    )
    make_objection(notice, 1, cast.trainee)
    client.post(notice.get_absolute_url(), OBJECTS)
    page = client.get(notice.get_absolute_url()).content.decode()
    shown = re.sub(r"<(script|style|input|link|meta)[^>]*>", "", page)
    shown = re.sub(r"0716-8123456", "", shown)
    assert person.name in shown
    digits = re.sub(r"[\s\-]", "", re.sub(r"<[^>]+>", "|", shown))
    assert not re.search(r"1[3-9]\d{9}|\d{15}|\d{17}[\dXx]|\d{12,19}", digits)
    assert not any(secret in page for secret in ("11010519491231002X", "13912345678", "13800138000"))


# --- The desk -------------------------------------------------------------------------------------------------


def test_an_officer_reads_an_objection_and_answers_it(tree, cast, client, told):
    notice = make_notice(tree["district"], *THREE, ended=1)
    row = make_objection(notice, 1)
    close_due_notices()
    address = reverse("public-notices:objection", args=[notice.pk, row.pk])
    client.force_login(cast.administrator)
    work = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "待答复的公示异议" in work
    listed = client.get(reverse("public-notices:index"), {"waiting": "true"}).content.decode()
    assert notice.title in listed
    page = client.get(address).content.decode()
    assert "他不在这个站工作" in page and "passer@example.com" in page
    role = give_role(cast.trainee, "administrator", tree["district"])
    client.force_login(type(cast.trainee).objects.get(pk=cast.trainee.pk))
    page = client.get(address).content.decode()  # it is about their own name: not by whom
    assert "他不在这个站工作" in page and "passer@example.com" not in page and "路人甲" not in page
    role.delete()
    client.force_login(cast.administrator)
    assert client.post(address, {"verdict": "upheld"}).status_code == 200
    client.post(address, {"verdict": "upheld", "answer": "查实，本人已离职。"})
    row.refresh_from_db()
    assert (row.state, row.answered_by) == ("upheld", cast.administrator)
    assert ended(told)[-1] == ((), ("claim-1",))
    shown = client.get(reverse("public-notices:inspect", args=[notice.pk])).content.decode()
    assert "查实，本人已离职。" in shown and "异议成立" in shown
    for stranger in (cast.outsider, cast.trainee):
        client.force_login(stranger)
        assert client.get(address).status_code != 200
    client.force_login(cast.auditor)
    assert client.get(address).status_code == 200
    assert client.post(address, {"verdict": "upheld", "answer": "x"}).status_code == 404


def test_an_officer_takes_a_notice_back_with_a_reason(tree, cast, client):
    notice = make_notice(tree["district"])
    address = reverse("public-notices:inspect", args=[notice.pk])
    client.force_login(cast.administrator)
    client.post(address, {"reason": ""})
    client.post(address, {"reason": "名单有误。"})
    client.post(address, {"reason": "再一次。"})
    notice.refresh_from_db()
    assert (notice.state, notice.reason) == ("withdrawn", "名单有误。")
    assert (
        make_user("路人", tree["other_district"]).has_perm("credentials.view_publicnotice", notice) is False
    )


# --- Who objected is forgotten, and may take away what they said -----------------------------------------------
