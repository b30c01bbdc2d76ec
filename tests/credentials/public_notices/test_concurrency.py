"""Two workers close the same notice, and an objection is filed or answered at that very moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import close_old_connections, connection

from core.models import AuditEntry
from credentials.models import SettledLine
from credentials.public_notices.actions import answer_objection, close_due_notices, open_notice, reconcile
from credentials.public_notices.policy import NoticeLine
from credentials.signals import notice_ended
from tests.factories import give_role, make_notice, make_objection, make_organisation, make_user

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
LINES = [
    NoticeLine(f"claim-{number}", f"林{chr(0x4E00 + number)}", "新街社工站", "") for number in range(1, 6)
]


def at_once(*acts):
    together = Barrier(len(acts))

    def alone(act):
        close_old_connections()
        try:
            together.wait(10)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(alone, acts))


@pytest.fixture
def told():
    keys = []

    def hear(sender, event, **_):
        keys.extend(event.cleared_keys + event.upheld_keys)

    notice_ended.connect(hear)
    yield keys
    notice_ended.disconnect(hear)


def test_a_notice_that_two_workers_close_tells_each_line_once(told):
    notice = make_notice(make_organisation("和平区", tier="county"), *LINES, ended=1)
    objection = make_objection(notice, 1)
    officer = make_user("单于明")
    give_role(officer, "administrator", notice.organisation)
    at_once(close_due_notices, close_due_notices, reconcile)
    assert sorted(told) == [line.key for line in LINES[1:]]
    at_once(
        lambda: answer_objection(objection=objection, upheld=False, answer="不实。", actor=officer),
        reconcile,
        close_due_notices,
    )
    reconcile()
    assert sorted(told) == [line.key for line in LINES] and SettledLine.objects.count() == 5
    assert AuditEntry.objects.filter(action="credentials.close_notice").count() == 1


def test_a_source_opened_twice_at_once_has_one_notice():
    place = make_organisation("和平区", tier="county")
    said = {"title": "公示", "about": "claims", "source": "claims:x:1", "days": 5, "counts": "working", "contact": "0716-8123456", "actor": None}  # fmt: skip
    first, second = at_once(*[lambda: open_notice(organisation=place, lines=LINES, **said)] * 2)
    assert first == second and first.lines.count() == 5
