import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from credentials.models import HoursEntry
from supervision.models import Session, SessionDraft, WorkingNote
from supervision.sessions import actions
from supervision.sessions.queries import usual_span
from tests.factories import make_pairing, make_session, make_user
from tests.supervision.conftest import facts, moment, written
from tests.supervision.sessions.pages import log_url, url, values


def said(response):
    return [str(message) for message in response.context["messages"]]


# --- The whole way ------------------------------------------------------------------------------------------------


def test_a_session_is_recorded_confirmed_and_counted(client, pair, cast):
    client.force_login(cast.supervisor)
    answer = client.post(log_url(pair), values(end="10:30"))
    session = Session.objects.get()
    assert (answer.status_code, answer.url) == (302, session.get_absolute_url())
    client.force_login(cast.trainee)
    assert session.get_absolute_url() in client.get(reverse("supervision:home")).content.decode()
    page = client.get(session.get_absolute_url()).content.decode()
    assert "接案预估" in page
    answer = client.post(url("confirm", session), {"revision": 1}, follow=True)
    assert answer.status_code == 200
    assert HoursEntry.objects.filter(minutes=90).count() == 2
    assert url("confirm", session) not in answer.content.decode()


def test_the_form_opens_with_today_an_hour_and_the_place_of_last_time(client, pair, cast):
    make_session(pair.pairing, place="新街社工站二楼")
    client.force_login(cast.supervisor)
    form = client.get(log_url(pair)).context["form"]
    starts_at, ends_at = usual_span(timezone.now())
    assert form["place"].value() == "新街社工站二楼"
    assert form["day"].value() == starts_at.date()
    assert ends_at - starts_at == timedelta(hours=1)
    assert f'value="{starts_at:%H:%M}"' in str(form["start"])


@pytest.mark.parametrize(("now", "end"), [((0, 20), (21, 0)), ((1, 4), (1, 0)), ((18, 59), (18, 55))])
def test_the_usual_hour_never_crosses_midnight(now, end):
    starts_at, ends_at = usual_span(moment(0, *now))
    assert starts_at.date() == ends_at.date()
    assert (ends_at.hour, ends_at.minute) == end


def test_a_session_past_midnight_is_one_record_of_the_day_on_which_it_began(client, pair, cast):
    client.force_login(cast.supervisor)
    client.post(log_url(pair), values(days_ago=3, start="23:30", end="00:45"))
    session = Session.objects.get()
    assert (session.starts_at, session.ends_at) == (moment(3, 23, 30), moment(2, 0, 45))
    assert (session.minutes, session.held_on) == (75, moment(3, 23).date())
    answer = client.post(log_url(pair), values(days_ago=2, start="00:30", end="01:00"))
    assert "23:30–00:45" in answer.content.decode()
    form = client.get(url("amend", session)).context["form"]
    client.post(
        url("amend", session),
        values(days_ago=3, start="23:30", end="00:30") | {"revision": form["revision"].value()},
    )
    session.refresh_from_db()
    assert session.minutes == 60


def test_a_double_click_on_the_form_is_one_session(client, pair, cast):
    client.force_login(cast.supervisor)
    same = values()
    first, second = client.post(log_url(pair), same), client.post(log_url(pair), same)
    assert first.url == second.url
    assert Session.objects.count() == 1


def test_an_old_form_with_another_text_is_not_taken_for_the_record_that_there_is(client, pair, cast):
    """A tab from yesterday still holds the key of the record that was sent with it."""
    client.force_login(cast.supervisor)
    first = values()
    client.post(log_url(pair), first)
    another = first | {"start": "15:00", "end": "16:00", "topics": "另一次督导"}
    answer = client.post(log_url(pair), another)
    assert answer.status_code == 200
    form = answer.context["form"]
    assert form.non_field_errors() and form["topics"].value() == "另一次督导"
    assert Session.objects.get().contents.get().topics == "接案预估"
    answer = client.post(log_url(pair), another | {"key": form["key"].value()})
    assert answer.status_code == 302
    assert set(Session.objects.values_list("contents__topics", flat=True)) == {"接案预估", "另一次督导"}


def test_a_double_click_on_confirm_says_that_it_was_done(client, pair, cast):
    session = make_session(pair.pairing)
    client.force_login(cast.trainee)
    client.post(url("confirm", session), {"revision": 1})
    answer = client.post(url("confirm", session), {"revision": 1}, follow=True)
    assert answer.status_code == 200
    assert said(answer)[-1].startswith("此操作已经完成")
    assert HoursEntry.objects.count() == 2


def test_an_old_page_does_not_confirm_what_was_corrected_meanwhile(client, pair, cast):
    session = make_session(pair.pairing)
    actions.amend_session(session=session, actor=cast.supervisor, facts=facts(3, 9, 3), written=written())
    client.force_login(cast.trainee)
    client.post(url("confirm", session), {"revision": 1})
    client.post(url("confirm", session), {"revision": "nonsense"})
    assert Session.objects.get().state == "logged"


# --- Bad input ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"start": "10:00", "end": "09:00"}, "end"),
        ({"start": "09:00", "end": "18:00"}, "end"),
        ({"day": "2026-02-30"}, "day"),
        ({"day": "9999-12-31"}, "day"),
        ({"day": "0001-01-01"}, "day"),
        ({"day": ""}, "day"),
        ({"start": "25:99"}, "start"),
        ({"functions": []}, "functions"),
        ({"functions": ["dancing"]}, "functions"),
        ({"topics": " "}, "topics"),
        ({"topics": "打 13800138000 联系案主"}, "topics"),
        ({"topics": "谈得很好\U0001f600"}, "topics"),
        ({"note": "12019919900101123X"}, "note"),
        ({"advice": "长" * 2001}, "advice"),
    ],
)
def test_bad_input_is_answered_at_its_field_and_nothing_typed_is_lost(client, pair, cast, wrong, field):
    client.force_login(cast.supervisor)
    answer = client.post(log_url(pair), values(follow_up="两周后回看") | wrong)
    form = answer.context["form"]
    assert answer.status_code == 200
    assert list(form.errors) == [field]
    assert "两周后回看" in answer.content.decode()
    assert not Session.objects.exists()


def test_a_session_later_today_is_refused(client, pair, cast, time_machine_at_noon):
    client.force_login(cast.supervisor)
    answer = client.post(log_url(pair), values(0, "13:00", "14:00"))
    assert list(answer.context["form"].errors) == ["end"]


@pytest.fixture
def time_machine_at_noon(pair):
    import time_machine

    with time_machine.travel(moment(0, 12), tick=False):
        yield


def test_an_overlap_is_named_at_the_start(client, pair, cast):
    make_session(pair.pairing)
    client.force_login(cast.supervisor)
    answer = client.post(log_url(pair), values(1, "09:30", "10:30"))
    (error,) = answer.context["form"].errors["start"]
    assert "10:00–11:00" in error


@pytest.mark.parametrize("key", ["", "nonsense", "0" * 40])
def test_a_form_with_a_broken_key_still_works(client, pair, cast, key):
    client.force_login(cast.supervisor)
    assert client.post(log_url(pair), values(key=key)).status_code == 302
    assert Session.objects.count() == 1


def test_an_objection_without_a_reason_is_asked_for_one(client, pair, cast):
    session = make_session(pair.pairing)
    client.force_login(cast.trainee)
    answer = client.post(url("dispute", session), {"revision": 1, "reason": " "})
    assert answer.status_code == 422
    assert answer.context["dispute_form"].errors["reason"]
    assert Session.objects.get().state == "logged"


# --- Objection, correction, cancellation --------------------------------------------------------------------------


def test_an_objection_leads_to_a_correction_and_then_to_confirmation(client, pair, cast):
    session = make_session(pair.pairing)
    client.force_login(cast.trainee)
    client.post(url("dispute", session), {"revision": 1, "reason": "只谈了半小时"})
    client.force_login(cast.supervisor)
    home = client.get(reverse("supervision:home")).content.decode()
    assert session.get_absolute_url() in home
    assert "只谈了半小时" in client.get(session.get_absolute_url()).content.decode()
    form = client.get(url("amend", session)).context["form"]
    assert (form["topics"].value(), form["revision"].value()) == ("接案预估", 1)
    client.post(url("amend", session), values(end="09:30", answer="已改", revision=1))
    client.force_login(cast.trainee)
    client.post(url("confirm", session), {"revision": 2})
    session.refresh_from_db()
    assert (session.state, session.minutes) == ("confirmed", 30)


def test_a_stale_correction_keeps_what_was_typed_and_can_be_sent_again(client, pair, cast):
    session = make_session(pair.pairing)
    actions.dispute_session(session=session, actor=cast.trainee, reason="不对")
    actions.amend_session(session=session, actor=cast.supervisor, facts=facts(3), written=written())
    client.force_login(cast.supervisor)
    answer = client.post(url("amend", session), values(topics="我改的内容", revision=1))
    assert answer.status_code == 200
    assert "我改的内容" in answer.content.decode()
    assert answer.context["form"]["revision"].value() == "2"
    assert client.post(url("amend", session), values(topics="我改的内容", revision=2)).status_code == 302


def test_a_record_is_taken_back_and_says_why(client, pair, cast):
    session = make_session(pair.pairing)
    client.force_login(cast.supervisor)
    client.post(url("cancel", session), {"revision": 1, "reason": "记错了人"})
    client.force_login(cast.trainee)
    page = client.get(session.get_absolute_url()).content.decode()
    assert "记错了人" in page
    assert url("confirm", session) not in page


def test_a_confirmed_record_is_not_offered_for_correction(client, pair, cast):
    session = make_session(pair.pairing, "confirmed")
    client.force_login(cast.supervisor)
    assert url("amend", session) not in client.get(session.get_absolute_url()).content.decode()
    assert client.get(url("amend", session)).status_code == 302
    client.post(url("cancel", session), {"revision": 1, "reason": "试试"})
    assert Session.objects.get().state == "confirmed"


def test_a_note_is_shown_to_its_author_only(client, pair, cast):
    session = make_session(pair.pairing)
    client.force_login(cast.supervisor)
    client.post(url("note", session), {"text": "多鼓励她"})
    assert "多鼓励她" in client.get(session.get_absolute_url()).content.decode()
    client.force_login(cast.trainee)
    assert "多鼓励她" not in client.get(session.get_absolute_url()).content.decode()
    assert WorkingNote.objects.count() == 1


def test_what_was_typed_is_there_again(client, pair, cast):
    client.force_login(cast.supervisor)
    typed = values(topics="写到一半", end="", note="别忘了", functions=["educational", "supportive"])
    draft = reverse("supervision:session-draft", args=[pair.pairing.pk])
    assert client.post(draft, typed).status_code == 204
    form = client.get(log_url(pair)).context["form"]
    assert [form[name].value() for name in ("topics", "end", "note")] == ["写到一半", "", "别忘了"]
    assert form["functions"].value() == ["educational", "supportive"]
    assert str(form["key"].value()) == typed["key"]
    client.post(log_url(pair), typed | {"end": "10:00"})
    assert not SessionDraft.objects.exists()
    assert client.post(draft, typed).status_code == 409


def test_a_broken_key_keeps_a_draft_all_the_same(client, pair, cast):
    client.force_login(cast.supervisor)
    draft = reverse("supervision:session-draft", args=[pair.pairing.pk])
    assert client.post(draft, {"key": "x", "topics": "写"}).status_code == 204
    assert client.post(draft, {"key": "x", "topics": "写" * 30_000}).status_code == 409


# --- Cost ------------------------------------------------------------------------------------------------------------


def queries(client, address, django_assert_max_num_queries):
    client.get(address)  # templates and content types are read once per process
    with django_assert_max_num_queries(40) as captured:
        assert client.get(address).status_code == 200
    return len([one for one in captured.captured_queries if re.search(r"supervision_", one["sql"])])


@pytest.mark.parametrize("number", [1, 9])
def test_pages_take_the_same_queries_for_one_and_for_many(
    client, pair, cast, tree, django_assert_max_num_queries, number
):
    supervisor = pair.supervisor
    type(supervisor).objects.update(capacity=50)
    for place in range(number):
        other = make_pairing(supervisor, make_user("周一", tree["station"]).person)
        make_session(pair.pairing, days_ago=2 + 2 * place)
        make_session(other, days_ago=3 + 2 * place)
        disputed = make_session(other, "disputed", days_ago=30 + place)
    client.force_login(cast.supervisor)
    pages = (reverse("supervision:home"), pair.pairing.get_absolute_url(), disputed.get_absolute_url())
    assert [queries(client, page, django_assert_max_num_queries) for page in pages] == [12, 13, 9]
    client.force_login(cast.trainee)
    assert queries(client, reverse("supervision:home"), django_assert_max_num_queries) == 13
