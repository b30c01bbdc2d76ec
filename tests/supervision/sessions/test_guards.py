"""What the database itself refuses of sessions, and what it keeps sealed."""

import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from supervision.models import Session, SessionContent
from supervision.sessions import actions
from tests.factories import (
    make_session,
)
from tests.supervision.sessions.conftest import log


@pytest.mark.parametrize("change", [{"minutes": 90}, {"state": "logged"}, {"form": "group"}, {"revision": 9}])
def test_the_database_itself_refuses_to_change_a_confirmed_session(pair, change):
    session = make_session(pair.pairing, "confirmed")
    with pytest.raises(DatabaseError, match=r"confirmed session|end minus its start"), transaction.atomic():
        Session.objects.filter(pk=session.pk).update(**change)


def test_the_database_refuses_minutes_that_are_not_the_time_between(pair):
    session = make_session(pair.pairing)
    with pytest.raises(DatabaseError, match="end minus its start"), transaction.atomic():
        Session.objects.filter(pk=session.pk).update(minutes=61)
    with pytest.raises(DatabaseError), transaction.atomic():
        Session.objects.filter(pk=session.pk).update(ends_at=session.ends_at + timedelta(minutes=5))


@pytest.mark.parametrize(
    "change",
    [{"functions": []}, {"form": "unknown"}, {"state": "confirmed"}, {"confirmed_at": timezone.now()}],
)
def test_the_database_refuses_what_no_session_can_be(pair, change):
    session = make_session(pair.pairing)
    with pytest.raises(IntegrityError), transaction.atomic():
        Session.objects.filter(pk=session.pk).update(**change)


def test_no_session_is_deleted_and_nothing_written_is_changed(pair, cast):
    session = make_session(pair.pairing, "confirmed")
    content = session.contents.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        Session.objects.filter(pk=session.pk)._raw_delete("default")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        SessionContent.objects.filter(pk=content.pk).update(number=7)
    with pytest.raises(DatabaseError, match="confirmed session"), transaction.atomic():
        SessionContent.objects.create(session=session, number=2, topics="补写")


def test_what_the_pair_writes_is_sealed_in_the_database(pair, cast):
    from django.db import connection

    marker = "只有两个人知道的话"
    session = log(pair, cast, topics=marker, place=marker, advice=marker, follow_up=marker)
    actions.write_note(session=session, actor=cast.supervisor, text=marker)
    actions.save_draft(
        pairing=pair.pairing, actor=cast.supervisor, key=uuid.uuid4(), typed={"topics": marker}
    )
    actions.dispute_session(session=session, actor=cast.trainee, reason=marker)
    with connection.cursor() as cursor:
        for table in ("sessioncontent", "sessionremark", "workingnote", "sessiondraft"):
            cursor.execute(f"SELECT * FROM supervision_{table}")
            rows = cursor.fetchall()
            assert rows
            assert marker not in repr(rows)
            assert ascii(marker)[1:-1] not in repr(rows)
