import uuid
from datetime import timedelta
from hashlib import sha256

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.models import AuditEntry
from lms.conversations.actions import discussion as actions
from lms.conversations.actions import moderation
from lms.conversations.actions.fitness import NotPossible
from lms.conversations.queries import threads_for, words_for
from lms.models import Post, ReviewWord
from tests.factories import make_cohort, make_enrolment, make_post
from tests.lms.conversations.steps import fresh, hide, kinds, report, say, start
from tests.lms.conversations.test_policy import MOBILE


@pytest.fixture
def cohort(tree, cast):
    cohort = make_cohort(tree["district"])
    make_enrolment(cohort, cast.trainee.person)
    make_enrolment(cohort, cast.other_trainee.person)
    return cohort


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


def test_ones_own_post_is_changed_for_a_quarter_of_an_hour(cohort, cast):
    post = start(cohort, cast.trainee)
    changed = actions.edit_post(post=fresh(post), actor=cast.trainee, body="改好了")
    assert (changed.body, changed.edited_at is not None) == ("改好了", True)
    told = AuditEntry.objects.get(action="lms.edit_post").data["before"]["text"]
    assert told == sha256(post.body.encode()).hexdigest()
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


def test_in_a_closed_thread_nothing_is_changed(cohort, cast):
    post = start(cohort, cast.trainee)
    moderation.close_thread(thread=fresh(post).thread, actor=cast.instructor)
    with pytest.raises(NotPossible):
        actions.edit_post(post=fresh(post), actor=cast.trainee, body="改好了")


def test_what_is_said_below_a_held_opening_is_held_with_it(cohort, cast, tree):
    ReviewWord.objects.create(organisation=tree["city"], word="代考")
    held = start(cohort, cast.trainee, title="代考", body="有人吗")
    reply = say(held.thread, cast.trainee, "没什么")
    other = cast.other_trainee
    assert reply.state == "visible"
    assert not threads_for(other, cohort).exists()
    assert not Post.objects.visible_to(other).exists()
    assert not other.has_perm("lms.view_thread", held.thread) and not other.has_perm("lms.view_post", reply)
    assert (
        Post.objects.visible_to(cast.trainee).count() == Post.objects.visible_to(cast.instructor).count() == 2
    )
    moderation.keep_post(post=fresh(held), actor=cast.instructor)
    assert Post.objects.visible_to(other).count() == 2
    assert other.has_perm("lms.view_thread", held.thread) and other.has_perm("lms.view_post", reply)


def test_ones_own_and_hidden_posts_are_not_reported(cohort, cast):
    post = start(cohort, cast.trainee)
    with pytest.raises(NotPossible):
        report(post, cast.trainee)
    hide(post, cast.instructor)
    with pytest.raises(NotPossible):
        report(post, cast.other_trainee)


def test_moderators_are_not_asked_about_their_own_post(cohort, cast):
    post = make_post(cohort, cast.instructor)
    report(post, cast.trainee)
    assert "lms.post_to_look_at" not in kinds(cast.instructor)


def test_the_database_knows_every_state_of_a_post_and_no_other(cohort, cast):
    post = make_post(cohort, cast.trainee)
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.filter(pk=post.pk).update(state="gone")
