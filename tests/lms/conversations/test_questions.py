import uuid

import pytest
from django.utils import timezone

from core.models import AuditEntry, Notice
from core.states import IllegalMove
from lms.conversations.actions import questions as actions
from lms.conversations.actions.fitness import NotPossible
from lms.conversations.actions.moderation import mute_person
from lms.conversations.queries import questions_for, waiting_questions_in
from lms.models import Enrolment, Question, Reply, ReviewWord
from tests.factories import make_cohort, make_enrolment, make_question
from tests.lms.conversations.test_policy import ID, MOBILE


@pytest.fixture
def cohort(tree, cast):
    cohort = make_cohort(tree["district"])
    make_enrolment(cohort, cast.trainee.person)
    make_enrolment(cohort, cast.other_trainee.person)
    return cohort


def ask(cohort, user, **fields):
    defaults = {"key": uuid.uuid4(), "title": "要签协议吗？", "body": "第一次见面时。"}
    enrolment = cohort.enrolments.select_related("cohort__organisation").get(person=user.person)
    return actions.ask_question(enrolment=enrolment, actor=user, **defaults | fields)


def reply(question, user, body="先口头说明，再签。", key=None):
    row = Question.objects.select_related("cohort__organisation", "author").get(pk=question.pk)
    actions.add_reply(question=row, actor=user, key=key or uuid.uuid4(), body=body)
    return row


def notices(user, kind):
    return Notice.objects.filter(user=user, kind=kind)


def test_from_asking_to_solved_with_a_notice_each_way(cohort, cast):
    question = ask(cohort, cast.trainee)
    assert notices(cast.instructor, "lms.question_asked").unread().count() == 1
    assert reply(question, cast.instructor).state == "answered"
    assert notices(cast.trainee, "lms.question_answered").count() == 1
    assert not notices(cast.instructor, "lms.question_asked").unread().exists()
    again = reply(question, cast.trainee, "还想问一句")
    assert again.state == "waiting"
    assert again.waiting_since is not None
    assert notices(cast.instructor, "lms.question_asked").unread().count() == 1
    reply(question, cast.instructor, "可以")
    row = Question.objects.get()
    actions.solve_question(question=row, actor=cast.trainee)
    assert row.state == "solved"
    with pytest.raises(IllegalMove):
        actions.solve_question(question=row, actor=cast.trainee)


def test_without_an_instructor_the_administrators_are_told(cohort, cast):
    cast.instructor.roles.all().delete()
    ask(cohort, cast.trainee)
    assert notices(cast.administrator, "lms.question_asked").exists()
    assert not notices(cast.city_administrator, "lms.question_asked").exists()


def test_sent_twice_it_is_one_question_and_one_reply(cohort, cast):
    key = uuid.uuid4()
    assert ask(cohort, cast.trainee, key=key) == ask(cohort, cast.trainee, key=key)
    question = Question.objects.get()
    for _ in range(2):
        reply(question, cast.instructor, key=key)
    assert Reply.objects.count() == 1
    assert notices(cast.trainee, "lms.question_answered").count() == 1


def test_a_key_of_somebody_else_gives_nothing_away(cohort, cast):
    key = uuid.uuid4()
    ask(cohort, cast.trainee, key=key)
    with pytest.raises(NotPossible):
        ask(cohort, cast.other_trainee, key=key)
    assert Question.objects.get().author == cast.trainee


def test_two_answers_of_two_teachers_both_stand(cohort, cast):
    question = ask(cohort, cast.trainee)
    reply(question, cast.instructor)
    reply(question, cast.administrator, "补充一点")
    assert Reply.objects.filter(is_answer=True).count() == 2


@pytest.mark.parametrize("part", ["other_trainee", "outsider", "auditor"])
def test_nobody_else_replies(cohort, cast, part):
    question = ask(cohort, cast.trainee, is_public=True)
    with pytest.raises(NotPossible):
        reply(question, getattr(cast, part))


@pytest.mark.parametrize("text", [f"他的号码{MOBILE}", f"证件{ID}"])
def test_a_number_of_a_person_is_refused(cohort, cast, text):
    with pytest.raises(NotPossible):
        ask(cohort, cast.trainee, body=text)
    with pytest.raises(NotPossible):
        reply(ask(cohort, cast.trainee), cast.instructor, text)


def test_whoever_left_asks_no_more(cohort, cast):
    Enrolment.objects.filter(person=cast.trainee.person).update(state="withdrawn")
    with pytest.raises(NotPossible):
        ask(cohort, cast.trainee)


def test_too_many_at_once_are_refused(cohort, cast):
    for _ in range(5):
        ask(cohort, cast.trainee)
    with pytest.raises(NotPossible):
        ask(cohort, cast.trainee)
    ask(cohort, cast.other_trainee)


def test_a_listed_word_or_a_silenced_person_asks_the_teachers_only(cohort, cast):
    ReviewWord.objects.create(organisation=cohort.organisation, word="代考")
    assert not ask(cohort, cast.trainee, is_public=True, body="能代考吗").is_public
    assert ask(cohort, cast.trainee, is_public=True).is_public
    mute_person(
        cohort=cohort, user=cast.trainee, actor=cast.instructor, until=timezone.localdate(), reason="辱骂"
    )
    assert not ask(cohort, cast.trainee, is_public=True).is_public


def test_what_is_added_to_a_public_question_stands_under_the_rules_of_the_discussion(cohort, cast):
    ReviewWord.objects.create(organisation=cohort.organisation, word="代考")
    public, private = ask(cohort, cast.trainee, is_public=True), ask(cohort, cast.trainee)
    with pytest.raises(NotPossible):
        reply(public, cast.trainee, "那能代考吗")
    reply(private, cast.trainee, "那能代考吗")
    mute_person(
        cohort=cohort, user=cast.trainee, actor=cast.instructor, until=timezone.localdate(), reason="辱骂"
    )
    with pytest.raises(NotPossible, match="辱骂"):
        reply(public, cast.trainee, "还想说")
    reply(private, cast.trainee, "还想问")
    assert reply(public, cast.instructor, "代考不行").state == "answered"


@pytest.mark.parametrize(
    ("q", "count"), [("协议", 1), ("口头", 1), ("协议 口头", 1), ("协议 没有", 0), ("%", 0), ("", 2)]
)
def test_questions_are_searched_in_chinese_with_their_answers(cohort, cast, q, count):
    reply(ask(cohort, cast.trainee, is_public=True), cast.instructor)
    ask(cohort, cast.other_trainee, title="心理压力大", body="怎么办", is_public=True)
    ask(cohort, cast.other_trainee, title="协议私下问", body="口头", is_public=False)
    assert len(questions_for(cast.trainee, cohort, q=q)) == count


def test_a_frequent_question_stands_first_and_is_a_public_one(cohort, cast):
    first = ask(cohort, cast.trainee, is_public=True)
    ask(cohort, cast.other_trainee, is_public=True)
    hidden = ask(cohort, cast.other_trainee)
    assert actions.mark_frequent(question=first, actor=cast.instructor, is_frequent=True)
    assert not actions.mark_frequent(question=first, actor=cast.instructor, is_frequent=True)
    assert questions_for(cast.other_trainee, cohort)[0] == first
    with pytest.raises(NotPossible):
        actions.mark_frequent(question=hidden, actor=cast.instructor, is_frequent=True)
    assert AuditEntry.objects.filter(action="lms.mark_frequent").count() == 1


def test_a_question_taken_away_is_the_askers_and_the_teachers(cohort, cast):
    question = ask(cohort, cast.trainee, is_public=True)
    assert actions.make_private(question=question, actor=cast.instructor)
    assert not actions.make_private(question=question, actor=cast.instructor)
    assert not questions_for(cast.other_trainee, cohort).exists()
    assert questions_for(cast.trainee, cohort).exists()
    assert notices(cast.trainee, "lms.question_private").count() == 1


def test_what_waits_is_counted(cohort, cast, tree, django_assert_num_queries):
    make_question(cohort, cast.trainee)
    make_question(cohort, cast.trainee, state="answered")
    empty = make_cohort(tree["district"], cohort.version)
    with django_assert_num_queries(1):
        assert list(waiting_questions_in([cohort.pk, empty.pk])) == [(cohort.pk, 1)]


def test_every_move_of_a_question_is_audited_without_a_word_of_it(cohort, cast):
    question = ask(cohort, cast.trainee, title="我和我的督导合不来", body="怎么办")
    reply(question, cast.instructor)
    reply(question, cast.instructor, "补充一点")  # moves nothing
    row = reply(question, cast.trainee, "还想问一句")
    actions.solve_question(question=row, actor=cast.trainee)
    entries = AuditEntry.objects.filter(target_id=str(question.pk)).order_by("pk")
    assert [(entry.action, entry.user, entry.data) for entry in entries] == [
        ("lms.add_reply", cast.instructor, {"before": {"state": "waiting"}, "after": {"state": "answered"}}),
        ("lms.add_reply", cast.trainee, {"before": {"state": "answered"}, "after": {"state": "waiting"}}),
        ("lms.solve_question", cast.trainee, {"before": {"state": "waiting"}, "after": {"state": "solved"}}),
    ]
    assert not any("督导" in entry.label for entry in entries)
