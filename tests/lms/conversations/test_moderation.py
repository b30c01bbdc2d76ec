from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from core.models import AuditEntry, Notice
from core.states import StaleState
from lms.conversations.actions import moderation
from lms.conversations.actions.fitness import NotPossible
from lms.conversations.queries import posts_in, reported_posts_in, threads_for
from lms.models import Mute, Post, Report, ReviewWord
from tests.factories import make_cohort, make_enrolment
from tests.lms.conversations.steps import fresh, hide, kinds, report, say, start


@pytest.fixture
def cohort(tree, cast):
    cohort = make_cohort(tree["district"])
    make_enrolment(cohort, cast.trainee.person)
    make_enrolment(cohort, cast.other_trainee.person)
    return cohort


def test_a_report_reaches_the_moderators_once_and_hiding_tells_the_author_why(cohort, cast):
    post = start(cohort, cast.trainee)
    report(post, cast.other_trainee)
    report(post, cast.other_trainee)
    report(post, cast.instructor)
    assert Report.objects.count() == 2
    assert kinds(cast.administrator) == []
    assert kinds(cast.instructor) == ["lms.post_to_look_at"]
    assert list(reported_posts_in([cohort.pk])) == [(cohort.pk, 1)]
    hide(post, cast.administrator, "写出了服务对象的姓名")
    assert not reported_posts_in([cohort.pk])
    assert not Report.objects.filter(settled_at=None).exists()
    notice = Notice.objects.get(user=cast.trainee, kind="lms.post_hidden")
    assert "写出了服务对象的姓名" in notice.body_in("zh-hans")
    entry = AuditEntry.objects.get(action="lms.hide_post")
    assert "大家怎么办" not in str(entry.data) + entry.label


def test_what_was_hidden_stays_for_the_desk(cohort, cast):
    post = start(cohort, cast.trainee)
    hide(post, cast.instructor)
    for user in (cast.auditor, cast.instructor):
        assert posts_in(post.thread, user).get().body == "大家怎么办？"


def test_the_subject_of_a_hidden_opening_is_hidden_with_it(cohort, cast):
    post = start(cohort, cast.trainee)
    say(post.thread, cast.other_trainee)
    hide(post, cast.instructor)
    row = threads_for(cast.other_trainee, cohort).get()
    assert row.title not in row.title_shown


def test_nobody_decides_on_their_own_post_and_readers_decide_on_none(cohort, cast):
    post = start(cohort, cast.instructor)
    report(post, cast.trainee)
    for user in (cast.instructor, cast.auditor, cast.trainee, cast.outsider):
        for act in (hide, lambda post, user: moderation.keep_post(post=fresh(post), actor=user)):
            with pytest.raises(NotPossible):
                act(post, user)
    hide(post, cast.administrator)


def test_the_second_moderator_changes_nothing(cohort, cast):
    post = start(cohort, cast.trainee)
    report(post, cast.other_trainee)
    stale = fresh(post)
    hide(post, cast.instructor)
    with pytest.raises(StaleState):
        moderation.hide_post(post=stale, actor=cast.administrator, reason="跑题")
    with pytest.raises(StaleState):
        moderation.keep_post(post=stale, actor=cast.administrator)
    assert Post.objects.get().reason == "泄露隐私"


def test_a_post_shown_again_can_be_hidden_again_and_each_is_told(cohort, cast):
    post = start(cohort, cast.trainee)
    hide(post, cast.instructor)
    moderation.keep_post(post=fresh(post), actor=cast.administrator)
    assert Post.objects.get().reason == ""
    hide(post, cast.instructor)
    assert sorted(kinds(cast.trainee)) == ["lms.post_hidden", "lms.post_hidden", "lms.post_shown"]


def test_finding_nothing_wrong_twice_is_one_act(cohort, cast):
    post = start(cohort, cast.trainee)
    report(post, cast.other_trainee)
    for _ in range(2):
        moderation.keep_post(post=fresh(post), actor=cast.instructor)
    assert AuditEntry.objects.filter(action="lms.keep_post").count() == 1


def silence(cohort, user, actor, days=3, reason="辱骂同学"):
    until = timezone.localdate() + timedelta(days=days)
    return moderation.mute_person(cohort=cohort, user=user, actor=actor, until=until, reason=reason)


def test_who_is_silenced_reads_but_does_not_write_until_the_day_is_over(cohort, cast):
    thread = start(cohort, cast.trainee).thread
    silence(cohort, cast.trainee, cast.instructor)
    with pytest.raises(NotPossible, match="辱骂同学"):
        say(thread, cast.trainee)
    assert "lms.muted" in kinds(cast.trainee)
    assert threads_for(cast.trainee, cohort).exists()
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        assert say(thread, cast.trainee)


def test_a_second_silence_replaces_the_first_and_it_can_be_lifted_once(cohort, cast):
    silence(cohort, cast.trainee, cast.instructor)
    second = silence(cohort, cast.trainee, cast.administrator, days=5)
    assert list(Mute.objects.filter(lifted_at=None)) == [second]
    assert moderation.lift_mute(mute=second, actor=cast.instructor)
    assert not moderation.lift_mute(mute=second, actor=cast.instructor)
    assert start(cohort, cast.trainee)


@pytest.mark.parametrize(
    ("part", "days", "reason"),
    [("instructor", 3, "x"), ("administrator", 3, "x"), ("trainee", -1, "x"), ("trainee", 400, "x"), ("trainee", 3, " ")],
)  # fmt: skip
def test_teachers_past_days_and_missing_reasons_are_refused(cohort, cast, part, days, reason):
    with pytest.raises(NotPossible):
        silence(cohort, getattr(cast, part), cast.instructor, days, reason)


def test_the_list_of_words_is_kept_by_administrators(cast, tree):
    place = tree["district"]
    moderation.save_review_words(
        organisation=place, words=["代考", " 代考 ", "", "加微信"], actor=cast.administrator
    )
    moderation.save_review_words(organisation=place, words=["代考"], actor=cast.administrator)
    moderation.save_review_words(organisation=place, words=["代考"], actor=cast.administrator)
    assert [row.word for row in ReviewWord.objects.all()] == ["代考"]
    assert AuditEntry.objects.filter(action="lms.save_review_words").count() == 2
    for user in (cast.instructor, cast.outsider):
        with pytest.raises(NotPossible):
            moderation.save_review_words(organisation=place, words=[], actor=user)
