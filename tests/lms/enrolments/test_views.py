from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lms.enrolments.states import EnrolmentState
from lms.models import Cohort, Enrolment
from lms.public import candidates_in, enrolments_of, evidence_of
from tests.factories import make_cohort, make_enrolment, make_user

FORM = {"statement": "想学个案", "confirmed": "on"}


@pytest.fixture
def cohort(tree):
    return make_cohort(tree["district"])


@pytest.fixture
def trainee(client, cast):
    client.force_login(cast.trainee)
    return client


def apply_url(cohort):
    return reverse("lms:enrolment-apply", args=[cohort.pk])


def detail_url(enrolment):
    return reverse("lms:enrolment-detail", args=[enrolment.pk])


def words(response):
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def test_a_visitor_is_asked_to_sign_in_and_comes_back(client, cohort):
    answer = client.get(apply_url(cohort))
    assert answer.status_code == 302
    assert "next=" in answer.url
    assert apply_url(cohort) in answer.url


def test_whoever_signs_in_to_apply_is_told_why_and_where_an_application_stands_already(client, cast, cohort):
    english = {"accept-language": "en"}
    door = client.get(apply_url(cohort), headers=english).url
    assert "You go on with what you were about to do" in client.get(door, headers=english).content.decode()
    assert "You go on with" not in client.get(reverse("account_login"), headers=english).content.decode()
    enrolment = make_enrolment(cohort, cast.trainee.person, state="waiting")
    client.force_login(cast.trainee)
    answer = client.get(apply_url(cohort), headers=english)
    assert answer.url == detail_url(enrolment)
    assert "You have applied for this cohort already." in words(answer)


def test_applying_leads_to_my_application(trainee, cohort):
    assert trainee.get(apply_url(cohort)).status_code == 200
    answer = trainee.post(apply_url(cohort), FORM)
    assert answer.url == detail_url(Enrolment.objects.get())
    assert "我" not in words(answer)
    assert trainee.get(answer.url).status_code == 200


def test_a_double_click_applies_once(trainee, cohort):
    assert trainee.post(apply_url(cohort), FORM).url == trainee.post(apply_url(cohort), FORM).url
    assert trainee.get(apply_url(cohort)).url == detail_url(Enrolment.objects.get())
    assert Cohort.objects.get().seats_taken == 1


def test_the_name_must_be_confirmed_and_nothing_typed_is_lost(trainee, cohort):
    shown = trainee.post(apply_url(cohort), {"statement": "想学个案"})
    assert shown.status_code == 200
    assert "想学个案" in shown.content.decode()
    assert not Enrolment.objects.exists()


def test_without_a_real_name_one_is_sent_to_the_profile(trainee, cast, cohort):
    cast.trainee.person.name = ""
    cast.trainee.person.save()
    answer = trainee.get(apply_url(cohort))
    assert answer.url.startswith(reverse("core:profile"))
    assert "next=" in answer.url


@pytest.mark.parametrize(
    "fields",
    [
        {"closes_at": timezone.now() - timedelta(hours=1)},
        {"opens_at": timezone.now() + timedelta(hours=1)},
        {"cancelled_at": timezone.now()},
        {"capacity": 1, "seats_taken": 1, "has_waiting_list": False},
    ],
)
def test_a_closed_cohort_says_so_even_to_an_old_form(tree, trainee, fields):
    cohort = make_cohort(tree["district"], **fields)
    assert trainee.get(apply_url(cohort)).status_code == 200
    late = trainee.post(apply_url(cohort), FORM)
    assert late.status_code == 200
    assert not Enrolment.objects.exists()


def test_an_unannounced_cohort_is_not_found(tree, trainee):
    assert trainee.get(apply_url(make_cohort(tree["district"], is_public=False))).status_code == 404


def test_the_waiting_list_tells_the_place(tree, trainee, cast):
    cohort = make_cohort(tree["district"], capacity=1)
    make_enrolment(cohort, cast.other_trainee.person)
    trainee.post(apply_url(cohort), FORM)
    shown = trainee.get(detail_url(Enrolment.objects.get(state="waiting")))
    assert shown.context["card"].place == 1


@pytest.mark.parametrize("state", list(EnrolmentState))
def test_my_application_is_shown_in_every_state(trainee, cast, cohort, state):
    enrolment = make_enrolment(cohort, cast.trainee.person, state)
    shown = trainee.get(detail_url(enrolment))
    assert shown.status_code == 200
    assert sum(step.state in ("now", "stopped") for step in shown.context["steps"]) == (state != "completed")
    assert shown.context["may_withdraw"] == (state in ("applied", "waiting", "offered", "enrolled"))


def test_withdrawing_twice_is_said_kindly(trainee, cast, cohort):
    enrolment = make_enrolment(cohort, cast.trainee.person, "applied")
    address = reverse("lms:enrolment-withdraw", args=[enrolment.pk])
    assert trainee.get(address).status_code == 405
    for _ in range(2):
        assert trainee.post(address).url == detail_url(enrolment)
    assert Cohort.objects.get().seats_taken == 0


@pytest.mark.parametrize(
    ("part", "seen"), [("other_trainee", 404), ("outsider", 404), ("finance", 404), ("auditor", 200)]
)
def test_an_application_is_seen_by_its_trainee_and_the_desk_only(client, cast, cohort, part, seen):
    enrolment = make_enrolment(cohort, cast.trainee.person, "applied")
    client.force_login(getattr(cast, part))
    assert client.get(detail_url(enrolment)).status_code == seen
    assert client.post(reverse("lms:enrolment-withdraw", args=[enrolment.pk])).status_code == 404


def test_the_cards_of_one_and_of_many_cost_the_same(
    tree, cast, django_assert_num_queries, django_capture_on_commit_callbacks
):
    def cards():
        with django_capture_on_commit_callbacks(execute=True):  # the versions are kept in the process
            enrolments_of(cast.trainee.person)
        with django_assert_num_queries(2):
            return enrolments_of(cast.trainee.person)

    for number in range(1, 6):
        state = "enrolled" if number == 1 else "completed"
        make_enrolment(make_cohort(tree["district"]), cast.trainee.person, state)
        if number in (1, 5):
            assert len(cards()) == number
    assert enrolments_of(None) == []


def test_what_the_papers_ask_of_a_cohort(cohort, cast, django_assert_num_queries):
    done = make_enrolment(cohort, cast.trainee.person, "completed")
    make_enrolment(cohort, cast.other_trainee.person)
    make_enrolment(cohort, make_user().person, "applied")
    with django_assert_num_queries(2):
        found = candidates_in(cohort.pk)
    assert {row.enrolment_id: len(row.missing) for row in found}[done.pk] == 0
    assert len(found) == 2
    told = [each.completion for each in candidates_in(cohort.pk) if each.completion is not None]
    assert [event.enrolment_id for event in told] == [done.pk]
    evidence = evidence_of(done.pk)
    assert (evidence.person_id, evidence.minutes) == (cast.trainee.person.pk, 90)
    assert evidence_of(0) is None


def test_my_application_costs_little(trainee, cast, cohort):
    enrolment = make_enrolment(cohort, cast.trainee.person)
    trainee.get(detail_url(enrolment))
    with CaptureQueriesContext(connection) as statements:
        trainee.get(detail_url(enrolment))
    assert len(statements) <= 12


def test_accepting_a_place_promises_no_more_than_that_it_is_kept(trainee, cast, cohort):
    later = timezone.now() + timedelta(hours=5)
    row = make_enrolment(cohort, cast.trainee.person, "offered", offer_expires_at=later)
    said = words(trainee.post(reverse("lms:enrolment-accept", args=[row.pk])))
    assert said == "已接受，名额为你保留，等待审批。"


def test_whoever_has_withdrawn_finds_the_way_back_while_it_is_open(trainee, cast, cohort):
    enrolment = make_enrolment(cohort, cast.trainee.person, "withdrawn")
    assert apply_url(cohort) in trainee.get(detail_url(enrolment)).content.decode()
    Cohort.objects.filter(pk=cohort.pk).update(closes_at=timezone.now())
    assert apply_url(cohort) not in trainee.get(detail_url(enrolment)).content.decode()


@pytest.mark.parametrize("state", ["applied", "enrolled"])
def test_whoever_has_a_place_in_another_cohort_is_led_to_it(trainee, cast, tree, cohort, state):
    other = make_cohort(tree["district"], cohort.version)
    own = make_enrolment(cohort, cast.trainee.person, state)
    Cohort.objects.filter(pk=other.pk).update(capacity=1, seats_taken=1)
    assert detail_url(own) in trainee.get(apply_url(other)).content.decode()
