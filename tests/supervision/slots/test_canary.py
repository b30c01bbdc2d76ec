"""What the two write about their meetings, where they meet and by which link, is read by nobody else."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.urls import reverse

from core.models import AuditEntry, Notice, User
from supervision import public
from supervision.models import Meeting
from supervision.slots import actions
from tests.factories import make_meeting, make_pairing
from tests.supervision.slots.test_actions import at, propose

MARKER = "金丝雀暗号canary9042"
READERS = ["administrator", "city_administrator", "auditor"]
OTHERS = ["finance", "instructor", "outsider", "other_trainee", "outside_trainee"]


@pytest.fixture
def secrets(pair, cast, django_capture_on_commit_callbacks):
    """A meeting in every state that a sentence leads to, with the marker in all that the two can write."""
    where = {"place": f"{MARKER}-place", "link": f"https://meeting.example.com/{MARKER}-link"}
    with django_capture_on_commit_callbacks(execute=True):
        declined = propose(pair, at(2, **where), text=f"{MARKER}-text")
        actions.decline_meeting(meeting=declined, actor=cast.trainee, reason=f"{MARKER}-decline")
        kept = propose(pair, at(3, **where), text=f"{MARKER}-text", follows=declined)
        actions.accept_meeting(meeting=kept, actor=cast.trainee)
        propose(pair, at(5, **where), by=cast.trainee, moves=kept, text=f"{MARKER}-move")
        cancelled = make_meeting(pair.pairing, days=8, **where)
        actions.cancel_meeting(meeting=cancelled, actor=cast.trainee, reason=f"{MARKER}-cancel")
        missed = make_meeting(pair.pairing, days=-1, **where)
        actions.miss_meeting(meeting=missed, actor=cast.supervisor, reason=f"{MARKER}-missed")
        actions.offer_slots(supervisor=pair.supervisor, actor=cast.supervisor, plans=[at(9, **where)])
        actions.renew_meeting_feed(person=pair.mentee, actor=cast.trainee)
    return list(Meeting.objects.all())


def addresses(pair, rows):
    site = [reverse("supervision:home"), reverse("supervision:meeting-list"), pair.pairing.get_absolute_url()]
    propose_anew = reverse("supervision:meeting-propose", args=[pair.pairing.pk])
    site += [propose_anew, f"{propose_anew}?again={rows[0].pk}"]
    for row in rows:
        site += [row.get_absolute_url(), reverse("supervision:meeting-ics", args=[row.pk])]
    desk = [
        reverse("supervision_meetings:index"),
        reverse("supervision_meetings:index") + f"?q={MARKER}",
        reverse("supervision_meetings:index") + "?export=xlsx",
        reverse("supervision_meetings:by_pairing"),
        reverse("pairings:detail", args=[pair.pairing.pk]),
        reverse("audit:index") + f"?q={MARKER}",
    ]
    return site + desk + [reverse("dashboard"), reverse("core:notices"), reverse("search") + f"?q={MARKER}"]


def pages(client, user, places):
    client.force_login(user)
    for place in places:
        answer = client.get(place, follow=True)
        assert answer.status_code < 500, place
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        yield place, body.decode(errors="replace")


@pytest.mark.parametrize("part", READERS + OTHERS)
def test_nobody_else_reads_it_on_any_page(client, pair, cast, secrets, part):
    for place, text in pages(client, getattr(cast, part), addresses(pair, secrets)):
        assert f"{MARKER}-" not in text, place


def test_not_even_the_operator(client, pair, secrets):
    operator = User.objects.create_superuser("operator@example.com")
    for place, text in pages(client, operator, addresses(pair, secrets)):
        assert f"{MARKER}-" not in text, place


def test_another_mentee_of_the_same_supervisor_reads_nothing_of_the_pair(client, pair, cast, secrets):
    make_pairing(pair.supervisor, cast.outside_trainee.person)
    for place, text in pages(client, cast.outside_trainee, addresses(pair, secrets)):
        assert not any(f"{MARKER}-{name}" in text for name in ("text", "move", "cancel", "missed")), place
        assert pair.mentee.name not in text, place


def test_it_is_in_no_audit_and_no_notice(cast, secrets):
    entries = [(entry.label, entry.data) for entry in AuditEntry.objects.all()]
    notices = [(notice.title_in(), notice.body_in(), notice.values) for notice in Notice.objects.all()]
    assert len(entries) > 8
    assert len(notices) > 5
    assert MARKER not in json.dumps([entries, notices], cls=DjangoJSONEncoder, ensure_ascii=False)
    assert MARKER not in Path(settings.AUDIT_LOG).read_text(encoding="utf-8")


def test_one_takes_along_what_one_wrote_and_not_what_the_other_wrote(pair, secrets):
    told = repr(public.meetings_of(pair.mentee))
    assert all(f"{MARKER}-{name}" in told for name in ("move", "cancel", "decline"))
    assert not any(f"{MARKER}-{name}" in told for name in ("text", "missed"))
    assert all(
        f"{MARKER}-{name}" in repr(public.meetings_of(pair.supervisor.person)) for name in ("text", "missed")
    )
