import uuid
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.models import AuditEntry, Notice
from core.states import StaleState
from lms.conversations.actions import discussion as actions
from lms.conversations.actions import moderation
from lms.conversations.actions.fitness import NotPossible
from lms.conversations.queries import posts_in, reported_posts_in, threads_for, words_for
from lms.models import Mute, Post, Report, ReviewWord, Thread
from tests.factories import make_cohort, make_enrolment, make_post
from tests.lms.conversations.test_policy import MOBILE


@pytest.fixture
def cohort(tree, cast):
    cohort = make_cohort(tree["district"])
    make_enrolment(cohort, cast.trainee.person)
    make_enrolment(cohort, cast.other_trainee.person)
    return cohort


def start(cohort, user, title="家访时对方不开门", body="大家怎么办？", key=None):
    return actions.open_thread(cohort=cohort, actor=user, key=key or uuid.uuid4(), title=title, body=body)


def say(thread, user, body="先打电话约。", key=None):
    row = Thread.objects.select_related("cohort__organisation", "author").get(pk=thread.pk)
    return actions.write_post(thread=row, actor=user, key=key or uuid.uuid4(), body=body)


def fresh(post):
    rows = Post.objects.select_related("thread__cohort__organisation", "thread__author", "author")
    return rows.get(pk=post.pk)


def report(post, user, reason="泄露隐私"):
    return actions.report_post(post=fresh(post), actor=user, reason=reason)


def hide(post, user, reason="泄露隐私"):
    return moderation.hide_post(post=fresh(post), actor=user, reason=reason)


def kinds(user):
    return list(Notice.objects.filter(user=user).values_list("kind", flat=True))


def test_a_thread_and_its_replies_tell_the_author_once_a_day(cohort, cast):
    thread = start(cohort, cast.trainee).thread
    say(thread, cast.other_trainee)
    say(thread, cast.instructor)
    say(thread, cast.trainee)
    assert kinds(cast.trainee) == ["lms.thread_replied"]
    assert [row.post_count for row in threads_for(cast.trainee, cohort)] == [4]


def test_sent_twice_it_is_one_thread_and_one_post(cohort, cast):
    key = uuid.uuid4()
    thread = start(cohort, cast.trainee, key=key).thread
    assert start(cohort, cast.trainee, key=key).thread == thread
    other = uuid.uuid4()
    assert say(thread, cast.trainee, key=other) == say(thread, cast.trainee, key=other)
    assert Post.objects.count() == 2


@pytest.mark.parametrize("part", ["outside_trainee", "outsider", "auditor", "finance"])
def test_strangers_and_readers_do_not_write(cohort, cast, part):
    thread = start(cohort, cast.trainee).thread
    with pytest.raises(NotPossible):
        say(thread, getattr(cast, part))


def test_numbers_floods_and_closed_threads_are_refused(cohort, cast):
    thread = start(cohort, cast.trainee).thread
    with pytest.raises(NotPossible):
        say(thread, cast.trainee, f"找他{MOBILE}")
    with pytest.raises(NotPossible):
        start(cohort, cast.trainee, title=f"电话{MOBILE}")
    for _ in range(4):
        say(thread, cast.trainee)
    with pytest.raises(NotPossible):
        say(thread, cast.trainee)
    moderation.close_thread(thread=thread, actor=cast.instructor)
    with pytest.raises(NotPossible):
        say(thread, cast.other_trainee)
    assert moderation.reopen_thread(thread=thread, actor=cast.instructor)
    assert say(thread, cast.other_trainee)


def test_a_listed_word_of_an_organisation_above_holds_the_post_until_it_is_looked_at(cohort, cast, tree):
    ReviewWord.objects.create(organisation=tree["city"], word="代考")
    ReviewWord.objects.create(organisation=tree["other_district"], word="家访")
    assert words_for(cohort) == ["代考"]
    held = start(cohort, cast.trainee, body="有人 代 考 吗")
    assert held.state == "held"
    assert not threads_for(cast.other_trainee, cohort).exists()
    assert threads_for(cast.trainee, cohort).exists()
    assert kinds(cast.instructor) == ["lms.post_to_look_at"]
    moderation.keep_post(post=fresh(held), actor=cast.instructor)
    assert threads_for(cast.other_trainee, cohort).exists()
    assert "lms.post_shown" in kinds(cast.trainee)
    assert start(cohort, cast.instructor, body="代考是违法的").state == "visible"


def test_a_report_reaches_the_moderators_once_and_hiding_tells_the_author_why(cohort, cast):
    post = start(cohort, cast.trainee)
    report(post, cast.other_trainee)
    report(post, cast.other_trainee)
    report(post, cast.instructor)
    assert Report.objects.count() == 2
    assert kinds(cast.administrator) == []
    assert kinds(cast.instructor) == ["lms.post_to_look_at"]
    assert reported_posts_in([cohort.pk]) == {cohort.pk: 1}
    hide(post, cast.administrator, "写出了服务对象的姓名")
    assert reported_posts_in([cohort.pk]) == {cohort.pk: 0}
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


def test_ones_own_post_is_changed_for_a_quarter_of_an_hour(cohort, cast):
    post = start(cohort, cast.trainee)
    changed = actions.edit_post(post=fresh(post), actor=cast.trainee, body="改好了")
    assert (changed.body, changed.edited_at is not None) == ("改好了", True)
    with pytest.raises(NotPossible):
        actions.edit_post(post=fresh(post), actor=cast.other_trainee, body="别人改")
    with pytest.raises(NotPossible):
        actions.edit_post(post=fresh(post), actor=cast.trainee, body=MOBILE)
    with time_machine.travel(timezone.now() + timedelta(minutes=16)), pytest.raises(NotPossible):
        actions.edit_post(post=fresh(post), actor=cast.trainee, body="晚了")


def test_a_reported_post_stays_as_it_was_reported(cohort, cast):
    post = start(cohort, cast.trainee)
    report(post, cast.other_trainee)
    with pytest.raises(NotPossible):
        actions.edit_post(post=fresh(post), actor=cast.trainee, body="没说过")


def test_ones_own_and_hidden_posts_are_not_reported(cohort, cast):
    post = start(cohort, cast.trainee)
    with pytest.raises(NotPossible):
        report(post, cast.trainee)
    hide(post, cast.instructor)
    with pytest.raises(NotPossible):
        report(post, cast.other_trainee)


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


def test_moderators_are_not_asked_about_their_own_post(cohort, cast):
    post = make_post(cohort, cast.instructor)
    report(post, cast.trainee)
    assert "lms.post_to_look_at" not in kinds(cast.instructor)


def test_the_database_knows_every_state_of_a_post_and_no_other(cohort, cast):
    post = make_post(cohort, cast.trainee)
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.filter(pk=post.pk).update(state="gone")
