"""Who finds the pages of sessions, and whom they answer as if there were none."""

import pytest
from django.urls import reverse

from core.models import User
from supervision.models import Pairing, Session
from supervision.pairings.actions import end_pairing
from tests.factories import make_pairing, make_session, make_supervisor
from tests.supervision.sessions.pages import log_url, url, values

OUTSIDE = ["other_trainee", "instructor", "finance", "outsider", "outside_trainee"]
DESK = ["administrator", "city_administrator", "auditor"]


@pytest.mark.parametrize("part", OUTSIDE)
def test_whoever_stands_outside_finds_nothing(client, pair, cast, part):
    session = make_session(pair.pairing)
    client.force_login(getattr(cast, part))
    assert client.get(pair.pairing.get_absolute_url()).status_code == 404
    assert client.get(session.get_absolute_url()).status_code == 404
    assert client.get(log_url(pair)).status_code == client.post(log_url(pair), values()).status_code == 404
    for name in ("confirm", "dispute", "amend", "cancel", "note"):
        assert client.post(url(name, session), {"revision": 1, "reason": "x", "text": "x"}).status_code == 404
    assert (
        client.post(reverse("supervision:session-draft", args=[pair.pairing.pk]), values()).status_code == 404
    )
    assert Session.objects.get().state == "logged"


def test_a_supervisor_of_another_pairing_finds_nothing(client, pair, cast, tree):
    other = make_supervisor(organisation=tree["agency"])
    make_pairing(other, cast.other_trainee.person)
    session = make_session(pair.pairing)
    client.force_login(other.person.user)
    assert client.get(session.get_absolute_url()).status_code == 404
    assert client.post(log_url(pair), values()).status_code == 404
    assert client.post(url("amend", session), values(revision=1)).status_code == 404


@pytest.mark.parametrize("part", DESK)
def test_the_desk_reads_that_it_took_place_and_does_nothing(client, pair, cast, part):
    session = make_session(pair.pairing)
    client.force_login(getattr(cast, part))
    assert client.get(pair.pairing.get_absolute_url()).status_code == 200
    page = client.get(session.get_absolute_url())
    assert page.status_code == 200
    assert "接案预估" not in page.content.decode()
    assert client.post(log_url(pair), values()).status_code == 404
    for name in ("confirm", "dispute", "amend", "cancel", "note"):
        assert client.post(url(name, session), {"revision": 1, "reason": "x", "text": "x"}).status_code == 404


def test_each_of_the_two_has_their_own_acts(client, pair, cast):
    session = make_session(pair.pairing)
    client.force_login(cast.trainee)
    for name in ("amend", "cancel"):
        assert client.post(url(name, session), {"revision": 1, "reason": "x"}).status_code == 404
    assert client.get(log_url(pair)).status_code == 404
    client.force_login(cast.supervisor)
    for name in ("confirm", "dispute"):
        assert client.post(url(name, session), {"revision": 1, "reason": "x"}).status_code == 404


@pytest.mark.parametrize("name", ["home", "session-log", "session-detail", "pairing-detail"])
def test_nobody_is_let_in_without_signing_in(client, pair, name):
    args = {"home": [], "session-detail": [make_session(pair.pairing).pk]}.get(name, [pair.pairing.pk])
    answer = client.get(reverse(f"supervision:{name}", args=args))
    assert answer.status_code == 302
    assert "login" in answer.url


def test_a_number_that_no_row_can_have_is_not_found(client, cast):
    client.force_login(cast.trainee)
    for name in ("session-detail", "pairing-detail", "session-log"):
        assert client.get(reverse(f"supervision:{name}", args=[10**30])).status_code == 404


def test_an_ended_pairing_is_shown_with_its_reason_and_takes_no_session(client, pair, cast):
    end_pairing(pairing=Pairing.objects.with_people().get(), actor=cast.administrator, reason="目标达成")
    client.force_login(cast.supervisor)
    assert client.get(log_url(pair)).status_code == 302
    page = client.get(pair.pairing.get_absolute_url()).content.decode()
    assert "目标达成" in page
    assert log_url(pair) not in page


@pytest.mark.parametrize("part", ["outsider", "supervisor", "trainee", "auditor"])
def test_the_first_page_teaches_when_there_is_nothing_yet(client, cast, part):
    client.force_login(getattr(cast, part))
    answer = client.get(reverse("supervision:home"))
    assert answer.status_code == 200
    assert 'class="empty"' in answer.content.decode()


def test_an_account_without_a_person_is_let_in_to_an_empty_page(client, db):
    from core.models import User

    client.force_login(User.objects.create_user("bare@example.com"))
    assert client.get(reverse("supervision:home")).status_code == 200


def test_a_superuser_opens_no_form_in_which_sealed_text_stands(client, pair, cast):
    """The rules let a superuser do anything; the forms of the pair are open to the pair alone."""
    chief = User.objects.create_superuser("chief@example.com")
    open_one, confirmed = make_session(pair.pairing), make_session(pair.pairing, "confirmed", days_ago=9)
    client.force_login(chief)
    for name, row in (
        ("session-log", pair.pairing),
        ("agreement-draft", pair.pairing),
        ("session-amend", open_one),
        ("session-correct", confirmed),
    ):
        assert client.get(reverse(f"supervision:{name}", args=[row.pk])).status_code == 404, name
