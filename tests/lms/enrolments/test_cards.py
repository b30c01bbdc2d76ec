"""What the page of an enrolment and the cards say to the trainee."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from lms.cohorts.policy import Title, say
from lms.cohorts.queries import words
from lms.enrolments.states import PENDING, EnrolmentState
from lms.models import Enrolment, LessonProgress
from lms.public import enrolments_of
from lms.transfers.actions import ask_transfer
from tests.factories import make_cohort, make_enrolment, make_user


@pytest.fixture
def cohort(tree):
    return make_cohort(tree["district"], capacity=1)


def page(client, enrolment):
    client.force_login(enrolment.person.user)
    return client.get(reverse("lms:enrolment-detail", args=[enrolment.pk])).content.decode()


def test_a_course_never_begun_is_begun_and_then_continued(client, cast, cohort):
    enrolment = make_enrolment(cohort, cast.trainee.person)
    main = page(client, enrolment).partition('id="main"')[2]
    assert "<span>开始学习</span>" in main and "<span>继续学习</span>" not in main
    lesson = enrolment.version.lessons.first()
    LessonProgress.objects.create(enrolment=enrolment, lesson=lesson, completed_at=enrolment.applied_at)
    assert "<span>继续学习</span>" in page(client, enrolment).partition('id="main"')[2]


def test_whoever_waits_reads_their_number_wherever_the_card_is_shown(client, cast, cohort):
    make_enrolment(cohort, make_user("王坐").person)
    make_enrolment(cohort, cast.other_trainee.person, "waiting")
    enrolment = make_enrolment(cohort, cast.trainee.person, "waiting")
    (card,) = enrolments_of(cast.trainee.person)
    assert card.state_label == "候补第 2 位"
    assert "候补第 2 位" in page(client, enrolment)


@pytest.mark.parametrize("state", EnrolmentState)
def test_a_card_waits_or_goes_on_or_is_past_and_never_two_of_them(cast, cohort, state):
    row = make_enrolment(cohort, cast.trainee.person, state)
    (card,) = enrolments_of(cast.trainee.person)
    assert (card.is_waiting, card.is_learning) == (state in PENDING, state == EnrolmentState.ENROLLED)
    assert card.is_waiting + card.is_learning + card.is_past == 1
    assert card.is_member == Enrolment.objects.learning().filter(pk=row.pk).exists()


def test_a_place_to_accept_stands_before_what_others_decide_on(cast, tree, cohort):
    for state in ("waiting", "applied", "enrolled", "offered"):
        make_enrolment(make_cohort(tree["district"], cohort.version), cast.trainee.person, state)
    cards = sorted(enrolments_of(cast.trainee.person), key=lambda card: card.urgency)
    assert [card.state for card in cards] == ["offered", "applied", "waiting", "enrolled"]


def test_an_offer_that_has_run_out_is_past(cast, cohort):
    over = timezone.now() - timedelta(minutes=1)
    make_enrolment(cohort, cast.trainee.person, "offered", offer_expires_at=over)
    (card,) = enrolments_of(cast.trainee.person)
    assert card.is_past and not card.is_waiting


def test_a_title_in_a_sentence_is_in_the_readers_language():
    sentence = say("Finish the lesson “%(title)s”.", title=Title("认识社会工作", "What social work is"))
    with override("en"):
        assert words(sentence) == "Finish the lesson “What social work is”."
    with override("zh-hans"):
        assert "认识社会工作" in words(sentence)


def test_the_wish_to_move_names_the_cohort_in_the_readers_language(client, cast, tree, cohort):
    enrolment = make_enrolment(cohort, cast.trainee.person)
    there = make_cohort(tree["district"], cohort.version, title="夜间班", title_en="Evening run")
    ask_transfer(enrolment=enrolment, target=there, reason="夜班", actor=cast.trainee)
    client.cookies["django_language"] = "en"
    assert "Evening run" in page(client, enrolment)
