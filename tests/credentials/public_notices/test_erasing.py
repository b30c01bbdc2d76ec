"""Who objected is forgotten in time, and reading what they said leaves a trace."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry
from credentials.models import Objection
from credentials.public_notices.actions import (
    NoticeRefused,
    answer_objection,
    close_due_notices,
    erase_objector,
    erase_objectors,
)
from tests.credentials.public_notices.test_notices import THREE
from tests.factories import make_notice, make_objection, make_user


def kept_of(row):
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, contact FROM credentials_objection WHERE id = %s", [row.pk])
        return cursor.fetchone()


def test_whoever_objected_is_erased_after_the_answer_and_the_time_kept(tree, cast, settings):
    notice = make_notice(tree["city"], *THREE, ended=1)
    answered, open_ = make_objection(notice, 1, cast.trainee), make_objection(notice, 2)
    with pytest.raises(NoticeRefused):
        erase_objector(objection=open_, actor=cast.city_administrator)
    answer_objection(objection=answered, upheld=False, answer="不实。", actor=cast.city_administrator)
    close_due_notices()
    day = timezone.localdate() + timedelta(days=settings.OBJECTOR_DAYS_KEPT)
    assert erase_objectors(day) == []
    assert erase_objectors(day + timedelta(days=1)) == ["objectors erased: 1"]
    assert erase_objectors(day + timedelta(days=1)) == []
    answered.refresh_from_db()
    open_.refresh_from_db()
    assert kept_of(answered) == ("", "") and answered.filed_by is None and answered.said and answered.answer
    assert open_.name == "路人甲" and open_.erased_at is None
    assert AuditEntry.objects.filter(action="credentials.erase_objector").count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Objection.objects.filter(pk=open_.pk).update(erased_at=timezone.now())
    with pytest.raises(DatabaseError), transaction.atomic():
        Objection.objects.filter(pk=open_.pk)._raw_delete(using="default")


def test_an_account_that_is_deleted_takes_its_objections_along_and_exports_them_before(tree, cast):
    from config.own_data import register
    from core.people.queries import own_data

    register()
    objector = make_user("路见不平", tree["station"])
    notice = make_notice(tree["city"], *THREE)
    row = make_objection(notice, 1, objector)
    answer_objection(objection=row, upheld=False, answer="不实。", actor=cast.city_administrator)
    (mine,) = own_data(objector.person)["objections"]
    assert (mine["notice"], mine["said"], mine["answer"]) == (notice.title, "他不在这个站工作", "不实。")
    assert mine["line"].startswith("1. 林小荷") and own_data(cast.trainee.person)["objections"] == []
    objector.delete()
    row.refresh_from_db()
    assert kept_of(row) == ("", "") and row.erased_at


def test_reading_an_objection_is_audited_and_an_officer_erases_who_filed_it(tree, cast, client):
    notice = make_notice(tree["district"], *THREE)
    row = make_objection(notice, 1)
    address = reverse("public-notices:objection", args=[notice.pk, row.pk])
    client.force_login(cast.auditor)
    client.get(address)
    read = AuditEntry.objects.get(action="credentials.open_objection")
    assert read.user == cast.auditor and "路人甲" not in str(read.data) + read.label
    client.force_login(cast.administrator)
    assert 'name="erase"' not in client.get(address).content.decode()
    client.post(address, {"verdict": "dismissed", "answer": "不实。"})
    assert 'name="erase"' in client.get(address).content.decode()
    client.post(address, {"erase": "1"})
    page = client.get(address).content.decode()
    assert kept_of(row) == ("", "") and "passer@example.com" not in page and "他不在这个站工作" in page
