import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from lms.models import SurveyInvitation, SurveyResponse
from lms.surveys.policy import questions_from
from lms.surveys.queries import shown, value_words
from tests.factories import ask, make_cohort, make_enrolment, make_invitation, make_survey, make_user

EVERY = ["heading", "scale", "one", "several", "yes_no", "number", "text"]
FULL = {
    "q-scale": "4",
    "q-one": "one-a",
    "q-several": ["several-a", "several-c"],
    "q-yes_no": "yes",
    "q-number": "12",
    "q-text": "讲得很清楚",
}


@pytest.fixture
def cohort(tree):
    return make_cohort(tree["district"], starts_on=timezone.localdate())


@pytest.fixture
def invitation(cohort, cast):
    survey = make_survey(cohort, questions=[ask(kind) for kind in EVERY])
    return make_invitation(survey, make_enrolment(cohort, cast.trainee.person))


@pytest.fixture
def trainee(client, cast):
    client.force_login(cast.trainee)
    return client


def at(name, invitation):
    return reverse(f"lms:survey-{name}", args=[invitation.pk])


def test_from_the_questions_by_the_review_to_the_thanks(trainee, invitation):
    assert trainee.get(at("answer", invitation)).status_code == 200
    assert trainee.post(at("answer", invitation), FULL).url == at("review", invitation)
    shown = trainee.get(at("review", invitation)).content.decode()
    assert "讲得很清楚" in shown and "a、c" in shown
    assert trainee.post(at("review", invitation)).url == at("done", invitation)
    assert SurveyResponse.objects.get().answers == {
        "scale": 4,
        "one": "one-a",
        "several": ["several-a", "several-c"],
        "yes_no": "yes",
        "number": 12,
        "text": "讲得很清楚",
    }
    assert trainee.get(at("done", invitation)).status_code == 200
    for name in ("answer", "review"):
        assert trainee.get(at(name, invitation)).url == at("done", invitation)
        assert trainee.post(at(name, invitation), FULL).url == at("done", invitation)
    assert SurveyResponse.objects.count() == 1


def test_nothing_typed_is_lost(trainee, invitation):
    kept = trainee.post(at("draft", invitation), {"q-text": "写到一半", "q-scale": "2"})
    assert (
        "2 / 6" in kept.content.decode() or "2 of 6" in kept.content.decode() or "2" in kept.content.decode()
    )
    shown = trainee.get(at("answer", invitation)).content.decode()
    assert "写到一半" in shown and SurveyInvitation.objects.get().draft["scale"] == ["2"]


def test_what_is_missing_is_said_at_the_question_and_on_top(trainee, invitation):
    shown = trainee.post(at("answer", invitation), FULL | {"q-number": "很多", "q-scale": ""})
    assert shown.status_code == 200
    assert {fault.part.key for fault in shown.context["faults"]} == {"scale", "number"}
    assert 'href="#q-scale"' in shown.content.decode() and "很多" in shown.content.decode()
    assert trainee.get(at("review", invitation)).url == at("answer", invitation) + "?missing=1"
    assert len(trainee.get(at("answer", invitation) + "?missing=1").context["faults"]) == 2
    trainee.post(at("review", invitation))
    assert not SurveyResponse.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"q-": "x"},
        {"q-scale": ["1", "2", "9"] * 50},
        {"q-text": "长" * 50_000},
        {"q-text": "\0"},
        {"q-number": "1e9999"},
        {"q-one": "several-a"},
    ],
)
def test_no_input_breaks_anything(trainee, invitation, sent):
    for name in ("answer", "draft", "review"):
        assert trainee.post(at(name, invitation), sent).status_code in (200, 302)
    assert not SurveyResponse.objects.exists()


@pytest.mark.parametrize("name", ["answer", "draft", "review", "done"])
@pytest.mark.parametrize("part", ["other_trainee", "supervisor", "administrator", "outsider", "auditor"])
def test_an_invitation_is_there_only_for_whom_it_asks(client, cast, invitation, name, part):
    client.force_login(getattr(cast, part))
    assert client.post(at(name, invitation), FULL).status_code in (404, 405)
    assert client.get(at(name, invitation)).status_code in (404, 405)
    assert not SurveyResponse.objects.exists()


def test_another_supervisor_cannot_rate(client, cast, cohort, tree):
    row = make_enrolment(cohort, cast.trainee.person, "completed")
    invitation = make_invitation(
        make_survey(cohort, "behaviour"), row, respondent=cast.supervisor, rater="supervisor"
    )
    client.force_login(make_user("别的督导", tree["agency"]))
    assert client.get(at("answer", invitation)).status_code == 404
    client.force_login(cast.trainee)
    assert client.get(at("answer", invitation)).status_code == 404
    client.force_login(cast.supervisor)
    assert cast.trainee.person.name in client.get(at("answer", invitation)).content.decode()


def test_a_closed_survey_says_so_and_takes_nothing(trainee, invitation):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    SurveyInvitation.objects.update(opens_on=yesterday, closes_on=yesterday)
    shown = trainee.get(at("answer", invitation))
    assert shown.templates[0].name == "lms/surveys/closed.html"
    trainee.post(at("review", invitation))
    assert trainee.post(at("draft", invitation), FULL).status_code == 200
    assert not SurveyResponse.objects.exists() and SurveyInvitation.objects.get().draft == {}


def test_before_its_day_a_survey_is_not_there(trainee, invitation):
    SurveyInvitation.objects.update(opens_on=timezone.localdate() + datetime.timedelta(days=1))
    assert trainee.get(at("answer", invitation)).status_code == 404


@pytest.mark.parametrize(("is_anonymous", "icon"), [(True, "#shield-check"), (False, "#eye")])
def test_who_reads_it_is_said_before_the_first_question(trainee, cohort, cast, is_anonymous, icon):
    survey = make_survey(cohort, is_anonymous=is_anonymous)
    shown = trainee.get(at("answer", make_invitation(survey, make_enrolment(cohort, cast.trainee.person))))
    text = shown.content.decode()
    assert icon in text and text.index(icon) < text.index('id="survey"')


@pytest.mark.parametrize(("rater", "said"), [("self", True), ("supervisor", False)])
def test_a_self_assessment_says_so(client, cohort, cast, rater, said):
    survey = make_survey(cohort, "behaviour", asks_self=True)
    user = cast.trainee if rater == "self" else cast.supervisor
    row = make_invitation(survey, make_enrolment(cohort, cast.trainee.person), respondent=user, rater=rater)
    client.force_login(user)
    for page in (reverse("lms:survey-list"), reverse("lms:survey-answer", args=[row.pk])):
        assert ("自评" in client.get(page).content.decode()) is said


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "结业反馈：林小荷"), ("en", "Feedback: 林小荷")])
def test_whom_a_survey_is_about_is_joined_as_the_language_does(client, cohort, cast, language, said):
    row = make_enrolment(cohort, cast.trainee.person)
    make_invitation(make_survey(cohort, "behaviour"), row, respondent=cast.supervisor, rater="supervisor")
    client.force_login(cast.supervisor)
    page = client.get(reverse("lms:survey-list"), headers={"accept-language": language})
    assert said in page.content.decode()


def test_what_waits_stands_in_the_list_and_in_the_room(trainee, invitation):
    for address in (reverse("lms:survey-list"), reverse("lms:survey-room", args=[invitation.enrolment_id])):
        shown = trainee.get(address)
        assert [card.id for card in shown.context["waiting"]] == [invitation.pk]
        assert at("answer", invitation) in shown.content.decode()
    outline = trainee.get(reverse("lms:learning-outline", args=[invitation.enrolment_id])).content.decode()
    assert reverse("lms:survey-room", args=[invitation.enrolment_id]) in outline


def test_the_room_names_the_cohort_in_the_readers_language(trainee, invitation, cohort):
    cohort.title_en = "Autumn cohort"
    cohort.save()
    room = reverse("lms:survey-room", args=[invitation.enrolment_id])
    assert "Autumn cohort" in trainee.get(room, headers={"accept-language": "en"}).content.decode()
    assert "Autumn cohort" not in trainee.get(room, headers={"accept-language": "zh-hans"}).content.decode()


def test_a_room_without_surveys_shows_no_entry(trainee, cohort, cast):
    row = make_enrolment(cohort, cast.trainee.person)
    outline = trainee.get(reverse("lms:learning-outline", args=[row.pk])).content.decode()
    assert reverse("lms:survey-room", args=[row.pk]) not in outline
    assert trainee.get(reverse("lms:survey-list")).status_code == 200


def test_the_room_of_somebody_else_is_not_there(client, cast, invitation):
    client.force_login(cast.other_trainee)
    assert client.get(reverse("lms:survey-room", args=[invitation.enrolment_id])).status_code == 404


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "a、b"), ("en", "a, b")])
def test_several_choices_are_listed_as_the_readers_language_does(language, said):
    (part,) = questions_from([ask("several")])
    keys = ["several-a", "several-b"]
    with override(language):
        (question,) = shown([part], {part.key: keys})
        assert question.answer == value_words(part, keys) == said
