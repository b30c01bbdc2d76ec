"""What a person takes away holds what they asked, wrote and handed in, and nothing of others."""

import json

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from config.own_data import register
from core.people.queries import own_data
from credentials.conduct.actions import lift_conduct
from lms.models import ExtraAttempt, GivenMark, Mute, Reply, Report
from tests.factories import (
    make_cohort,
    make_conduct,
    make_enrolment,
    make_on_pathway,
    make_pairing,
    make_pathway,
    make_post,
    make_question,
    make_request,
    make_submission,
    make_supervisor,
    make_training,
    make_version,
    make_wish,
)
from tests.factories.packages import make_bare_package, make_registration


@pytest.fixture
def enrolment(tree, cast):
    register()
    cohort = make_cohort(tree["district"], make_version(assignments=1))
    make_enrolment(cohort, cast.other_trainee.person)
    return make_enrolment(cohort, cast.trainee.person)


def told(person, part):
    """One part of the export, as it is written into the file."""
    return json.dumps(own_data(person)[part], cls=DjangoJSONEncoder, ensure_ascii=False)


def test_submissions_are_there_with_their_marks(enrolment, cast):
    row = make_submission(enrolment, "failed", text="我的个案记录", comment="缺评估")
    given = {"submission": row, "state": "failed", "marked_at": row.marked_at, "marked_by": row.marked_by}
    GivenMark.objects.create(score=40, comment="第一次的评语", **given)
    ExtraAttempt.objects.create(
        enrolment=enrolment, key=row.key, number=2, reason="住院", granted_by=row.marked_by
    )
    make_submission(enrolment, "draft", text="还没写完")
    text = told(cast.trainee.person, "assignments")
    assert all(said in text for said in ("我的个案记录", "缺评估", "第一次的评语", "住院", "还没写完"))
    assert told(cast.other_trainee.person, "assignments") == "[]"


def test_questions_and_posts_are_there_and_those_of_others_are_not(enrolment, cast):
    cohort = enrolment.cohort
    question = make_question(cohort, cast.trainee, title="我问的", body="详情")
    Reply.objects.create(
        key=question.key, question=question, author=cast.instructor, is_answer=True, body="老师说的"
    )
    own = make_post(cohort, cast.trainee, body="我说的")
    other = make_post(cohort, cast.other_trainee, own.thread, body="别人说的")
    Report.objects.create(post=other, reporter=cast.trainee, reason="我举报的")
    Mute.objects.create(
        cohort=cohort, user=cast.trainee, until=timezone.localdate(), reason="刷屏", muted_by=cast.instructor
    )
    text = told(cast.trainee.person, "conversations")
    assert all(said in text for said in ("我问的", "老师说的", "我说的", "我举报的", "刷屏"))
    assert "别人说的" not in text
    assert "我说的" not in told(cast.other_trainee.person, "conversations")


def test_rounds_on_pathways_are_there(tree, enrolment, cast):
    make_on_pathway(make_pathway(tree["district"], enrolment.version, title="新人路径"), cast.trainee.person)
    assert "新人路径" in told(cast.trainee.person, "pathways")


def test_requests_for_supervision_are_there_with_the_answer_and_those_of_others_are_not(
    tree, enrolment, cast
):
    supervisor = make_supervisor(cast.supervisor, tree["agency"])
    make_request(supervisor, cast.trainee.person, "declined", goal="我想学的", reason="名额已满")
    make_request(supervisor, cast.other_trainee.person, goal="别人想学的")
    text = told(cast.trainee.person, "supervision_requests")
    assert all(said in text for said in ("我想学的", "名额已满"))
    assert "别人" not in text
    assert told(cast.supervisor.person, "supervision_requests") == "[]"


def test_what_one_asked_for_in_a_pairing_is_there_and_what_the_other_asked_is_not(enrolment, tree, cast):
    supervisor = make_supervisor(cast.supervisor, tree["agency"])
    pairing = make_pairing(supervisor, cast.trainee.person)
    make_wish(pairing, reason="我的原因")
    make_wish(pairing, supervisor.person, reason="督导的原因")
    text = told(cast.trainee.person, "supervision_wishes")
    assert "我的原因" in text and "督导的原因" not in text


def test_own_training_and_languages_are_there_and_those_of_others_are_not(enrolment, cast):
    make_training(cast.trainee.person, "returned", title="我的培训")
    make_training(cast.other_trainee.person, title="别人的培训")
    cast.trainee.person.languages = "粤语"
    text = told(cast.trainee.person, "own_trainings")
    assert "我的培训" in text
    assert "证明看不清" in text
    assert "别人的培训" not in text
    assert "粤语" in told(cast.trainee.person, "person")


def test_conduct_is_there_with_all_that_its_person_may_read(cast):
    register()
    kept = make_conduct(cast.trainee.person, cast.administrator, details="经查，代签个案记录两次（示例）")
    lift_conduct(kept=kept, reason="复核后不成立", actor=cast.city_administrator)
    text = told(cast.trainee.person, "qualifications")
    days = (kept.occurred_on.isoformat(), kept.established_on.isoformat())
    said = (kept.get_head_display(), kept.source, kept.details, "复核后不成立", "lifted", *days)
    assert all(each in text for each in said)
    assert kept.source not in told(cast.other_trainee.person, "qualifications")


def test_what_somebody_did_in_a_package_is_theirs_to_take(enrolment, tree, cast):
    version = make_bare_package(tree["district"], cast.instructor)
    make_registration(enrolment, version)
    make_registration(enrolment.cohort.enrolments.get(person=cast.other_trainee.person), version)
    (part,) = json.loads(told(cast.trainee.person, "packages"))
    assert (part["package"], part["part"], part["completion"]) == ("课件", "I1", "unknown")
