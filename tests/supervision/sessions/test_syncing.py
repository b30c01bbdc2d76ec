import json
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from supervision.models import Session, SessionDraft
from supervision.pairings.actions import end_pairing
from supervision.sessions import actions
from supervision.sessions.views.offline import WORKER
from tests.factories import make_pairing, make_session
from tests.supervision.conftest import written

pytestmark = pytest.mark.django_db


@pytest.fixture
def send(client, pair, cast):
    """Send a record as a device does; what is given changes it."""
    client.force_login(cast.supervisor)
    key = str(uuid.uuid4())
    day = (timezone.localdate() - timezone.timedelta(days=1)).isoformat()

    def sent(**more):
        data = {
            "key": key,
            "day": day,
            "start": "14:00",
            "end": "15:00",
            "topics": "断网时写的",
            "functions": ["educational"],
            "setting": "on_site",
            "mode": "private",
            "base": "",
        } | more
        answer = client.post(reverse("supervision:session-sync", args=[pair.pairing.pk]), data)
        assert answer.status_code == 200
        return json.loads(answer.content)

    sent.key = key
    return sent


def test_sent_twice_it_is_recorded_once(send):
    assert send()["state"] == "done"
    assert send()["state"] == "done"
    assert Session.objects.count() == 1


def test_recorded_already_with_other_content_it_is_shown_beside_it_and_can_be_kept(send, cast):
    send()
    answer = send(topics="手机上改过", end="15:30")
    assert (answer["state"], answer["about"]) == ("conflict", "session")
    assert "断网时写的" in str(answer["theirs"]) and "手机上改过" in str(answer["mine"])
    assert Session.objects.get().minutes == 60
    assert send(topics="手机上改过", end="15:30", force="session")["state"] == "done"
    session = Session.objects.get()
    assert (session.minutes, session.revision) == (90, 2)


def test_kept_twice_since_the_answer_was_lost_it_is_one_correction(send, cast):
    send()
    for _ in range(3):
        assert send(topics="手机上改过", end="15:30", force="session")["state"] == "done"
    session = Session.objects.get()
    assert (session.minutes, session.revision, session.contents.count()) == (90, 2, 2)
    actions.confirm_session(session=session, actor=cast.trainee)
    for _ in range(3):
        assert send(topics="又改", end="15:15", force="session")["state"] == "done"
    assert session.amendments.count() == 1


def test_kept_over_a_record_that_went_on_since_it_was_compared_it_is_compared_again(send, cast):
    send()
    seen = send(topics="手机上改过")["revision"]
    session = Session.objects.get()
    actions.amend_session(
        session=session, actor=cast.supervisor, facts=session.facts, written=written("电脑上改过")
    )
    answer = send(topics="手机上改过", force="session", revision=seen)
    assert (answer["state"], answer["revision"]) == ("conflict", 2)
    assert "电脑上改过" in str(answer["theirs"])
    assert send(topics="手机上改过", force="session", revision=2)["state"] == "done"
    assert Session.objects.get().revision == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"start": "23:30", "end": "22:30"},
        {"start": "18:00", "end": "02:01"},  # over midnight, and longer than a session may be
        {"start": "14:00", "end": "14:00"},
        {"start": "00:00", "end": "23:59"},
        {"start": "24:00", "end": "25:00"},
        {"day": "9999-12-31"},
        {"day": "0001-01-01"},
        {"day": (timezone.localdate() + timezone.timedelta(days=1)).isoformat()},
        {"day": (timezone.localdate() - timezone.timedelta(days=90)).isoformat()},  # before they were paired
        {"share_educational": "0"},
        {"share_educational": "61"},
        {"share_educational": "-5"},
        {"share_supportive": "10"},
    ],
    ids=str,
)
def test_times_that_cannot_be_are_refused_in_words(send, wrong):
    answer = send(**wrong)
    assert answer["state"] == "refused" and answer["words"]
    assert not Session.objects.exists()


def test_the_key_of_another_pairs_record_gives_nothing_of_it_away(send, pair, cast, client):
    other = make_pairing(pair.supervisor, cast.other_trainee.person)
    kept = make_session(other, days_ago=3)
    answer = send(key=str(kept.key))
    assert answer["state"] == "refused" and "接案预估" not in str(answer)
    assert Session.objects.count() == 1


def test_kept_over_a_confirmed_session_it_is_a_proposal(send, cast):
    send()
    session = Session.objects.get()
    actions.confirm_session(session=session, actor=cast.trainee)
    assert send(topics="手机上改过", force="session")["state"] == "done"
    assert session.amendments.get().state == "proposed"
    assert send(topics="又改", force="session")["state"] == "refused"


def test_kept_over_one_that_was_taken_back_it_is_recorded_anew_once(send, cast):
    send()
    actions.cancel_session(session=Session.objects.get(), actor=cast.supervisor, reason="重记")
    for _ in range(2):
        assert send(topics="手机上改过", force="session")["state"] == "done"
    assert Session.objects.count() == 2


def test_a_draft_that_went_on_elsewhere_is_shown_beside_it(send, pair, cast):
    actions.save_draft(
        pairing=pair.pairing, actor=cast.supervisor, key=uuid.uuid4(), typed={"topics": "电脑上写的"}
    )
    answer = send()
    assert (answer["state"], answer["about"]) == ("conflict", "draft")
    assert "电脑上写的" in str(answer["theirs"])
    assert not Session.objects.exists()
    assert send(base="2026-01-01")["state"] == "conflict"
    assert send(force="draft")["state"] == "done"
    assert not SessionDraft.objects.exists()


def test_the_draft_that_the_device_knows_is_in_nobodys_way(send, pair, cast, client):
    address = reverse("supervision:session-draft", args=[pair.pairing.pk])
    base = client.post(address, {"key": send.key, "topics": "一"}).headers["X-Saved"]
    assert send(base=base)["state"] == "done"


def test_a_draft_is_not_written_over_what_was_typed_elsewhere(client, pair, cast):
    client.force_login(cast.supervisor)
    address = reverse("supervision:session-draft", args=[pair.pairing.pk])
    key = str(uuid.uuid4())
    first = client.post(address, {"key": key, "topics": "一", "base": ""})
    assert first.status_code == 204
    second = client.post(address, {"key": key, "topics": "二", "base": first.headers["X-Saved"]})
    assert second.status_code == 204
    assert (
        client.post(address, {"key": key, "topics": "三", "base": first.headers["X-Saved"]}).status_code
        == 412
    )
    assert "二" in SessionDraft.objects.get().typed


def test_refusals_are_said_in_words_and_record_nothing(send, pair, cast):
    for wrong in (
        {"end": "13:00"},
        {"day": "x"},
        {"topics": "电话13800138000"},
        {"functions": []},
        {"topics": ""},
    ):
        answer = send(**wrong)
        assert answer["state"] == "refused" and answer["words"], wrong
    end_pairing(pairing=pair.pairing, actor=cast.administrator, reason="调离")
    assert send()["state"] == "refused"
    assert not Session.objects.exists()


def test_any_input_is_answered(client, pair, cast):
    client.force_login(cast.supervisor)
    address = reverse("supervision:session-sync", args=[pair.pairing.pk])
    for data in (
        {},
        {"key": "\0", "day": "\0", "done": ["x", "9" * 30]},
        {"goals": ["1", "x"], "share_x": "1"},
    ):
        assert client.post(address, data).status_code == 200
    for user in (cast.trainee, cast.administrator, cast.other_trainee):
        client.force_login(user)
        assert client.post(address, {}).status_code == 404


def test_the_shell_is_the_same_for_everybody_and_says_nothing_of_anybody(client, pair, cast):
    address = reverse("supervision:offline-shell")
    pages = []
    for user in (None, cast.supervisor, cast.trainee):
        client.force_login(user) if user else client.logout()
        page = client.get(address)
        assert page.status_code == 200
        pages.append(page.content.decode())
        for name in (cast.supervisor.person.name, cast.trainee.person.name, cast.supervisor.email):
            assert name not in pages[-1]
    assert "X-CSRFToken" not in pages[0]


def test_the_worker_is_served_from_above_the_forms_with_a_strict_policy(client):
    answer = client.get(reverse("supervision:offline-worker"))
    assert answer.content == WORKER.read_bytes()
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert reverse("supervision:session-log", args=[1]).startswith(
        reverse("supervision:offline-worker").rpartition("/")[0]
    )


def test_the_ticket_says_whose_sign_in_it_is(client, pair, cast):
    address = reverse("supervision:offline-ticket")
    assert client.get(address).status_code == 302
    marks = set()
    for user in (cast.supervisor, cast.trainee):
        client.force_login(user)
        marks.add(client.get(address).json()["account"])
    assert len(marks) == 2


def test_each_script_of_the_pages_is_small():
    folder = WORKER.parent
    sizes = {path.name: path.stat().st_size for path in folder.glob("*.js")}
    assert sizes
    assert all(size <= 8 * 1024 for size in sizes.values()), sizes
