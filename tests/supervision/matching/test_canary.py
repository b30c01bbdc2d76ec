"""What is written into an appeal or a conflict of interest, and whom somebody has wished for, appears to nobody else."""

import json

import pytest
from django.core import mail
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry, Notice
from core.notices.actions import send_due_letters
from core.notices.models import Delivery
from supervision.conflicts.actions import declare_conflict, end_conflict
from supervision.matching import actions
from supervision.models import Appeal, Conflict
from tests.factories import make_round, make_round_mentee, make_round_supervisor, make_supervisor, make_user
from tests.supervision.matching.acts import calculate, publish, wish

MARKER = "金丝雀暗号canary5517"


@pytest.fixture
def round(tree, cast):
    """A published round in which the trainee has wished, appealed and been answered, beside a declared conflict."""
    row = make_round(tree["district"])
    first = make_round_supervisor(row, make_supervisor(cast.supervisor, tree["agency"], code="SV001"))
    second = make_round_supervisor(row, make_supervisor(make_user("督二", tree["agency"])))
    mentee = make_round_mentee(row, cast.trainee.person)
    make_round_mentee(row, cast.other_trainee.person)
    wish(mentee, second, first)
    said = {"kind": "relative", "reason": f"{MARKER}-reason"}
    other_trainee = cast.other_trainee
    declare_conflict(supervisor=first.supervisor, mentee=other_trainee.person, actor=other_trainee, **said)
    over = declare_conflict(
        supervisor=second.supervisor, mentee=other_trainee.person, actor=other_trainee, **said
    )
    end_conflict(conflict=over, actor=other_trainee)
    actions.lock_round(round=row, actor=cast.administrator)
    calculate(row, cast.administrator)
    publish(row, cast.administrator)
    appeal = actions.make_appeal(
        round=row, person=cast.trainee.person, text=f"{MARKER}-appeal", actor=cast.trainee
    )
    actions.decide_appeal(appeal=appeal, upholds=False, answer=f"{MARKER}-answer", actor=cast.administrator)
    return row


def pages_of(round):
    appeal, conflicts = Appeal.objects.get(), Conflict.objects.all()
    desk = [
        reverse(f"rounds:{name}", args=[round.pk])
        for name in ("detail", "mentees", "supervisors", "results", "prices", "trial")
    ]
    desk += [reverse("rounds:index"), reverse("conflicts:index")]
    desk += [reverse("rounds:appeal", args=[round.pk, appeal.pk])]
    desk += [reverse("conflicts:inspect", args=[row.pk]) for row in conflicts]
    site = [round.get_absolute_url()]
    site += [
        reverse(f"supervision:{name}") for name in ("home", "round-list", "conflict-list", "supervisor-list")
    ]
    site += [reverse(f"supervision:round-{name}", args=[round.pk]) for name in ("supervisors", "mentees")]
    return [*desk, *site]


@pytest.mark.parametrize(
    "part", ["supervisor", "auditor", "outsider", "finance", "instructor", "outside_trainee"]
)
def test_no_page_shows_it_to_anybody_else(client, cast, round, part):
    client.force_login(getattr(cast, part))
    for url in pages_of(round):
        assert MARKER not in client.get(url, follow=True).content.decode(), url


def test_each_reads_only_what_is_their_own(client, cast, round):
    read = {}
    for part in ("trainee", "other_trainee", "administrator"):
        client.force_login(getattr(cast, part))
        read[part] = "".join(client.get(url, follow=True).content.decode() for url in pages_of(round))
    assert f"{MARKER}-appeal" in read["trainee"]
    assert f"{MARKER}-answer" in read["trainee"]
    assert f"{MARKER}-reason" not in read["trainee"]
    assert f"{MARKER}-reason" in read["other_trainee"]
    assert f"{MARKER}-appeal" not in read["other_trainee"]
    assert f"{MARKER}-reason" in read["administrator"]
    assert f"{MARKER}-appeal" in read["administrator"]


def test_neither_the_audit_nor_a_notice_nor_a_letter_holds_it(cast, round):
    Delivery.objects.update(due_at=timezone.now())
    assert send_due_letters() > 0
    assert mail.outbox
    kept = [*AuditEntry.objects.values(), *Notice.objects.values()]
    text = json.dumps(kept, cls=DjangoJSONEncoder, ensure_ascii=False, default=str)
    assert MARKER not in text
    assert all(MARKER not in f"{letter.subject}{letter.body}" for letter in mail.outbox)


def test_in_the_database_it_is_sealed(round):
    with connection.cursor() as cursor:
        for table, column in (
            ("supervision_conflict", "reason"),
            ("supervision_appeal", "text"),
            ("supervision_appeal", "answer"),
        ):
            cursor.execute(f"SELECT {column} FROM {table}")
            rows = cursor.fetchall()
            assert rows
            assert all(MARKER not in row[0] for row in rows)
