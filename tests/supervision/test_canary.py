"""What the two say to each other never appears to anybody else: not on a page, in a list, a search, the audit, a mail."""

import json
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.serializers.json import DjangoJSONEncoder
from django.urls import reverse

from core.models import AuditEntry, Notice, User
from core.notices.actions import send_due_letters
from core.notices.models import Delivery
from credentials.models import HoursEntry
from supervision import public
from supervision.models import Session, SessionFile
from supervision.sessions import actions
from supervision.sessions.policy import TEXTS, Agreed, Case
from tests.architecture.routes import routes
from tests.factories import make_goal
from tests.supervision.conftest import facts, written

MARKER = "金丝雀暗号canary7731"
READERS = ["administrator", "city_administrator", "auditor"]
OTHERS = ["finance", "instructor", "outsider", "other_trainee", "outside_trainee"]


@pytest.fixture
def secrets(pair, cast, django_capture_on_commit_callbacks):
    """One session in every state, with the marker in everything that the pair can write."""
    told: dict = {name: f"{MARKER}-{name}" for name in TEXTS}
    told |= {
        "agreed": (Agreed("mentee", f"{MARKER}-agreed"),),
        "cases": (Case(f"{MARKER}-case", "high"),),
        "goals": (make_goal(pair.pairing, text=f"{MARKER}-goal").pk,),
    }
    with django_capture_on_commit_callbacks(execute=True):
        sessions = [
            actions.log_session(
                pairing=pair.pairing,
                actor=cast.supervisor,
                facts=facts(day),
                written=written(**told),
                key=uuid.uuid4(),
                note=f"{MARKER}-note",
            )
            for day in range(1, 6)
        ]
        confirmed, disputed, cancelled, amended, _logged = sessions
        actions.confirm_session(session=confirmed, actor=cast.trainee)
        actions.write_note(session=confirmed, actor=cast.trainee, text=f"{MARKER}-mentee")
        actions.dispute_session(session=disputed, actor=cast.trainee, reason=f"{MARKER}-reason")
        actions.cancel_session(session=cancelled, actor=cast.supervisor, reason=f"{MARKER}-cancel")
        actions.dispute_session(session=amended, actor=cast.trainee, reason=f"{MARKER}-reason")
        actions.amend_session(
            session=amended,
            actor=cast.supervisor,
            facts=facts(4, 14),
            written=written(**told),
            answer=f"{MARKER}-answer",
        )
        upload = SimpleUploadedFile(f"{MARKER}-file.pdf", b"%PDF-1.4 x")
        actions.add_file(session=amended, actor=cast.supervisor, upload=upload)
        actions.open_file(kept=amended.files.get(), actor=cast.trainee)
        actions.reflect(session=confirmed, actor=cast.trainee, text=f"{MARKER}-reflection")
        amendments = {"session": confirmed, "actor": cast.supervisor, "facts": facts(1, 9, 0.5)}
        for number in range(3):
            said = written(**told | {"topics": f"{MARKER}-amended-{number}"})
            row = actions.propose_amendment(written=said, reason=f"{MARKER}-why", **amendments)
            if number == 0:
                actions.refuse_amendment(amendment=row, actor=cast.trainee, answer=f"{MARKER}-no")
            elif number == 1:
                actions.accept_amendment(amendment=row, actor=cast.trainee)
                confirmed = Session.objects.with_people().get(pk=confirmed.pk)
                amendments |= {"session": confirmed, "facts": facts(1, 9, 0.75)}
        late = actions.log_session(
            pairing=pair.pairing,
            actor=cast.supervisor,
            facts=facts(20),
            written=written(**told),
            key=uuid.uuid4(),
            late_reason="出差",
        )
        actions.decline_late(late=late.late_records.get(), actor=cast.administrator, answer="理由不足")
        sessions.append(late)
        actions.save_draft(
            pairing=pair.pairing, actor=cast.supervisor, key=uuid.uuid4(), typed={"topics": f"{MARKER}-draft"}
        )
    return sessions


def addresses(pair, sessions):
    site = [reverse("supervision:home"), pair.pairing.get_absolute_url(), reverse("core:notices")]
    site += [session.get_absolute_url() for session in sessions]
    site += [
        reverse("supervision:session-file", args=[row.session_id, row.pk])
        for row in SessionFile.objects.all()
    ]
    site += [reverse("supervision:session-pdf", args=[session.pk]) for session in sessions]
    site += [reverse("supervision:session-correct", args=[session.pk]) for session in sessions]
    site += [reverse("supervision:offline-shell"), reverse("supervision:offline-ticket")]
    desk = [
        reverse("late_records:index"),
        reverse("late_records:inspect", args=[sessions[-1].late_records.get().pk]),
        reverse("late_records:rules"),
        reverse("session_reviews:index"),
        reverse("session_reviews:index") + f"?q={MARKER}",
        reverse("session_reviews:ask", args=[pair.pairing.pk]),
        reverse("sessions:index"),
        reverse("sessions:index") + f"?q={MARKER}",
        reverse("sessions:index_results") + f"?q={MARKER}",
        reverse("sessions:index") + "?state=disputed",
        reverse("sessions:index") + "?export=csv",
        reverse("sessions:index") + "?export=xlsx",
        reverse("pairings:index"),
        reverse("pairings:index") + f"?q={MARKER}",
        reverse("pairings:detail", args=[pair.pairing.pk]),
        reverse("supervisors:index"),
        reverse("supervisors:designations", args=[pair.supervisor.pk]),
        reverse("wagtailadmin_home"),
        reverse("audit:index"),
        reverse("audit:index") + f"?q={MARKER}",
    ]
    more = [reverse("dashboard"), reverse("search") + f"?q={MARKER}", reverse("credentials:hours-list")]
    ledger = [reverse("credentials:hours-evidence", args=[row.pk]) for row in HoursEntry.objects.all()]
    return site + desk + more + ledger


def bodies(client, user, places):
    """What each address says to this user, with the words of the address itself taken out."""
    client.force_login(user)
    for place in places:
        answer = client.get(place, follow=True)
        assert answer.status_code < 500, place
        text = b"".join(answer.streaming_content) if answer.streaming else answer.content
        yield place, answer.status_code, text.decode(errors="replace")


@pytest.mark.parametrize("part", READERS + OTHERS)
def test_nobody_else_reads_it_on_any_page(client, pair, cast, secrets, part):
    read = 0
    for place, status, text in bodies(client, getattr(cast, part), addresses(pair, secrets)):
        assert f"{MARKER}-" not in text, place
        read += status == 200
    assert read > 3
    if part in READERS:
        assert read > 12  # they do see the lists, and that the sessions took place


def test_not_even_the_operator_reads_it_on_a_page(client, pair, secrets):
    operator = User.objects.create_superuser("operator@example.com")
    for place, _status, text in bodies(client, operator, addresses(pair, secrets)):
        assert f"{MARKER}-" not in text, place


def test_the_two_read_it_and_neither_reads_the_others_note(client, pair, cast, secrets):
    for user, own, other in (
        (cast.supervisor, "note", "mentee"),
        (cast.trainee, "mentee", "note"),
    ):
        (_, status, text), *_rest = bodies(client, user, [secrets[0].get_absolute_url()])
        assert status == 200
        for name in ("topics", "advice", "follow_up", "place", own):
            assert f"{MARKER}-{name}" in text
        assert f"{MARKER}-{other}" not in text


def test_the_draft_is_the_supervisors_alone(client, pair, cast, secrets):
    address = reverse("supervision:session-log", args=[pair.pairing.pk])
    for user, expected in ((cast.supervisor, True), (cast.trainee, False), (cast.administrator, False)):
        client.force_login(user)
        assert (f"{MARKER}-draft" in client.get(address).content.decode()) == expected


def test_it_is_in_no_audit_notice_letter_ledger_or_answer_to_another_app(pair, cast, secrets):
    entries = [(entry.label, entry.data) for entry in AuditEntry.objects.all()]
    assert len(entries) > 8
    notices = [(notice.title_in(), notice.body_in(), notice.values) for notice in Notice.objects.all()]
    assert notices
    ledger = list(HoursEntry.objects.values_list("title", "evidence"))
    assert ledger
    person = cast.trainee.person
    answers = [public.evidence_of(session.pk) for session in secrets]
    answers += [public.pairings_of(person), list(public.confirmations())]
    answers += [[str(row) for row in Session.objects.all()]]
    said = json.dumps([entries, notices, ledger], cls=DjangoJSONEncoder, ensure_ascii=False) + repr(answers)
    assert MARKER not in said
    assert MARKER not in Path(settings.AUDIT_LOG).read_text(encoding="utf-8")


def test_it_is_in_no_letter(pair, cast, secrets, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Delivery.objects.update(due_at=Notice.objects.earliest("created_at").created_at)
    assert send_due_letters() > 0
    assert mail.outbox
    assert all(MARKER not in letter.message().as_string() + letter.body for letter in mail.outbox)


def test_it_is_in_no_log(pair, cast, caplog, client, request):
    caplog.set_level("DEBUG")
    sessions = request.getfixturevalue("secrets")
    for user in (cast.supervisor, cast.trainee, cast.administrator):
        client.force_login(user)
        for session in sessions:
            client.get(session.get_absolute_url())
    lines = [line for line in caplog.text.splitlines() if "INSERT" not in line and "UPDATE" not in line]
    assert MARKER not in "\n".join(lines)


def test_no_address_of_the_site_shows_it_to_others(client, pair, cast, secrets):
    """Every address that takes no parts, and those of the desk with these sessions in them."""
    places = [route.example for route in routes() if not route.parts and "logout" not in route.example]
    assert len(places) > 60
    operator = User.objects.create_superuser("operator@example.com")
    for user in (cast.administrator, operator):
        for place, _status, text in bodies(client, user, places):
            assert f"{MARKER}-" not in text, (user, place)


def test_the_own_data_of_others_says_nothing_of_it(client, pair, cast, secrets):
    address = reverse("core:export")
    for user in (cast.administrator, cast.auditor, cast.other_trainee):
        for _place, _status, text in bodies(client, user, [address]):
            assert f"{MARKER}-" not in text
