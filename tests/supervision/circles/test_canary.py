"""What is said in a gathering never appears to anybody else: not on a page, in a list, a search, the audit, a mail, a feed."""

import json
import uuid
from pathlib import Path

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.serializers.json import DjangoJSONEncoder
from django.urls import reverse

from core.models import AuditEntry, Notice, User
from core.notices.actions import send_due_letters
from core.notices.models import Delivery
from credentials.models import HoursEntry
from supervision import public
from supervision.circles import actions
from supervision.circles.policy import Shared
from supervision.models import GatheringFile
from supervision.sessions.actions import grant_review
from supervision.sessions.policy import Agreed, Case
from supervision.slots.actions import renew_meeting_feed
from supervision.slots.queries import feed_entries
from tests.supervision.circles.conftest import facts, record
from tests.supervision.conftest import moment
from tests.supervision.test_canary import bodies

MARKER = "金丝雀暗号canary5512"
READERS = ["administrator", "city_administrator", "auditor"]
OTHERS = ["finance", "instructor", "outsider", "outside_trainee"]


def said(**more):
    texts = {name: f"{MARKER}-{name}" for name in ("topics", "agreements", "follow_up", "advice")}
    return {
        **texts,
        "cases": (Case(f"{MARKER}-case", "high"),),
        "agreed": (Agreed("all", f"{MARKER}-agreed"),),
        **more,
    }


@pytest.fixture
def secrets(group, cast, django_capture_on_commit_callbacks):
    """A gathering in every state, with the marker in everything that those of it can write."""
    mine = cast.trainee.person.pk
    with django_capture_on_commit_callbacks(execute=True):
        held = record(group, **said())
        upload = SimpleUploadedFile(f"{MARKER}-file.pdf", b"%PDF-1.4 x")
        actions.add_gathering_file(gathering=held, actor=cast.supervisor, upload=upload)
        actions.open_gathering_file(kept=held.files.get(), actor=cast.trainee)
        actions.keep_gathering_note(gathering=held, actor=cast.supervisor, text=f"{MARKER}-note")
        part = held.parts.get(person=mine)
        actions.dispute_part(
            part=held.parts.get(person=cast.other_trainee.person.pk),
            actor=cast.other_trainee,
            reason=f"{MARKER}-dispute",
        )
        actions.confirm_part(part=part, actor=cast.trainee)
        values = {"gathering": held, "actor": cast.supervisor, "minutes": {mine: 60}}
        values |= {"facts": facts(), "reason": f"{MARKER}-why"}
        for number in range(3):
            shared = Shared(**said(topics=f"{MARKER}-amended-{number}"))
            row = actions.propose_gathering_amendment(shared=shared, **values)
            if number == 0:
                actions.refuse_gathering_amendment(
                    answer=row.answers.get(), actor=cast.trainee, reason=f"{MARKER}-no"
                )
            elif number == 1:
                actions.accept_gathering_amendment(answer=row.answers.get(), actor=cast.trainee)
        late = record(group, days_ago=20, late="出差", **said())
        actions.decline_late_gathering(
            late=late.late_records.get(), actor=cast.administrator, answer="理由不足"
        )
        planned = actions.plan_gathering(
            circle=group.circle,
            actor=cast.supervisor,
            starts_at=moment(-3, 9),
            ends_at=moment(-3, 10),
            key=uuid.uuid4(),
            subject=f"{MARKER}-subject",
            place=f"{MARKER}-place",
            link=f"https://meet.example.com/{MARKER}-link",
        )
        actions.save_gathering_draft(
            circle=group.circle,
            author=cast.supervisor.person,
            actor=cast.supervisor,
            key=uuid.uuid4(),
            typed={"topics": f"{MARKER}-draft"},
        )
        review = actions.ask_circle_review(circle=group.circle, reviewer=cast.auditor, reason="投诉")
        grant_review(review=review, actor=cast.administrator, days=3)
    return [held, late, planned]


def addresses(group, gatherings):
    site = [reverse("supervision:home"), group.circle.get_absolute_url(), reverse("core:notices")]
    site += [reverse("supervision:circle-list"), reverse("supervision:meeting-list")]
    for held in gatherings:
        site.append(held.get_absolute_url())
        site += [
            reverse(f"supervision:gathering-{name}", args=[held.pk])
            for name in ("correct", "amend", "list", "log", "change")
        ]
    rows = GatheringFile.objects.all()
    site += [reverse("supervision:gathering-file", args=[row.gathering_id, row.pk]) for row in rows]
    site += [reverse("supervision:gathering-record", args=[group.circle.pk])]
    site += [reverse("supervision:gathering-shell"), reverse("dashboard"), reverse("credentials:hours-list")]
    review, late = group.circle.reviews.get(), gatherings[1]
    desk = [
        reverse("circle_reviews:index"),
        reverse("circle_reviews:index") + f"?q={MARKER}",
        reverse("circle_reviews:inspect", args=[review.pk]),
        reverse("circle_reviews:ask", args=[group.circle.pk]),
        reverse("late_gatherings:index"),
        reverse("late_gatherings:index") + f"?q={MARKER}",
        reverse("late_gatherings:inspect", args=[late.late_records.get().pk]),
        reverse("gatherings:index"),
        reverse("gatherings:index") + f"?q={MARKER}",
        reverse("gatherings:index") + "?export=xlsx",
        reverse("circles:index"),
        reverse("circles:detail", args=[group.circle.pk]),
        reverse("audit:index"),
        reverse("audit:index") + f"?q={MARKER}",
        reverse("search") + f"?q={MARKER}",
    ]
    ledger = [reverse("credentials:hours-evidence", args=[row.pk]) for row in HoursEntry.objects.all()]
    return site + desk + ledger


@pytest.mark.parametrize("part", READERS + OTHERS)
def test_nobody_else_reads_it_on_any_page(client, group, cast, secrets, part):
    read = 0
    for place, status, text in bodies(client, getattr(cast, part), addresses(group, secrets)):
        assert f"{MARKER}-" not in text, place
        read += status == 200
    assert read > (12 if part in READERS else 3)


def test_not_even_the_operator_reads_it_on_a_page(client, group, secrets):
    operator = User.objects.create_superuser("operator@example.com")
    for place, _status, text in bodies(client, operator, addresses(group, secrets)):
        assert f"{MARKER}-" not in text, place


def test_those_who_took_part_read_it_and_not_what_is_between_the_leader_and_another(client, cast, secrets):
    held = secrets[0]
    for user, own, others in (
        (cast.supervisor, ("note", "dispute", "no", "why", "agreed", "case", "file"), ()),
        (cast.trainee, ("advice", "why", "agreed", "case", "file"), ("note", "dispute")),
        (cast.other_trainee, ("advice", "why", "dispute"), ("note", "no")),
    ):
        (_, status, text), *_rest = bodies(client, user, [held.get_absolute_url()])
        assert status == 200
        assert all(f"{MARKER}-{name}" in text for name in own), (user, own)
        assert not any(f"{MARKER}-{name}<" in text for name in others), (user, others)


def test_the_reviewer_reads_the_content_and_neither_notes_nor_remarks(client, group, cast, secrets):
    address = reverse("circle_reviews:read", args=[group.circle.reviews.get().pk, secrets[0].pk])
    (_, status, text), *_rest = bodies(client, cast.auditor, [address])
    assert status == 200
    assert f"{MARKER}-advice" in text
    assert not any(f"{MARKER}-{name}" in text for name in ("note", "dispute", "no<", "why", "draft"))
    for user in (cast.administrator, cast.city_administrator):
        (_, status, text), *_rest = bodies(client, user, [address])
        assert status == 404


def test_it_is_in_no_audit_notice_letter_ledger_feed_or_answer_to_another_app(cast, secrets, settings):
    entries = [(entry.label, entry.data) for entry in AuditEntry.objects.all()]
    notices = [(notice.title_in(), notice.body_in(), notice.values) for notice in Notice.objects.all()]
    ledger = list(HoursEntry.objects.values_list("title", "evidence"))
    assert len(entries) > 10
    assert notices and ledger
    answers = [list(public.participations()), public.circles_of(cast.trainee.person)]
    answers += [public.gathering_evidence_of(held.pk) for held in secrets]
    said_there = json.dumps([entries, notices, ledger], cls=DjangoJSONEncoder, ensure_ascii=False)
    assert MARKER not in said_there + repr(answers)
    assert MARKER not in Path(settings.AUDIT_LOG).read_text(encoding="utf-8")
    feed = renew_meeting_feed(person=cast.trainee.person, actor=cast.trainee)
    told = repr(feed_entries(feed))
    assert not any(f"{MARKER}-{name}" in told for name in ("subject", "topics", "advice", "agreed"))
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Delivery.objects.update(due_at=Notice.objects.earliest("created_at").created_at)
    assert send_due_letters() > 0
    assert all(MARKER not in letter.message().as_string() + letter.body for letter in mail.outbox)


def test_the_own_data_of_others_says_nothing_of_it(client, cast, secrets):
    for user in (cast.administrator, cast.auditor, cast.outside_trainee):
        for _place, _status, text in bodies(client, user, [reverse("core:export")]):
            assert f"{MARKER}-" not in text
