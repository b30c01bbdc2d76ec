"""Posts: never more holders than places, never two at a time, and routes that are only added."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from core.models import AuditEntry
from credentials.models import Post, PostHolding, Sector, TalentRoute
from credentials.posts.actions import PostRefused, end_post, give_post, record_route, save_post
from credentials.posts.policy import free_place
from credentials.posts.queries import offered_to, staffing_of
from tests.factories import make_staff_post, make_user
from tests.lms.enrolments.test_concurrency import at_once

TODAY = timezone.localdate


@pytest.fixture
def post(cast, tree):
    return make_staff_post(tree["station"], places=1)


def give(post, user, actor, days_ago=10):
    return give_post(post=post, person=user.person, starts_on=TODAY() - timedelta(days=days_ago), actor=actor)


def test_nobody_does_it_for_themselves(cast, post):
    held = give(post, cast.trainee, cast.administrator)
    for act in (
        lambda: give(post, cast.administrator, cast.administrator),
        lambda: end_post(holding=held, ends_on=TODAY(), actor=cast.trainee),
        lambda: record_route(
            person=cast.administrator.person, route="recruited", since=TODAY(), actor=cast.administrator
        ),
    ):
        with pytest.raises(PostRefused, match="其他管理员"):
            act()
    assert PostHolding.objects.get().ends_on is None and not TalentRoute.objects.exists()


def test_the_seven_sectors_are_there_from_the_start(db):
    assert [sector.name for sector in Sector.objects.all()] == [
        *("民政", "教育", "医疗", "司法", "信访", "应急", "退役军人服务"),
    ]


@pytest.mark.parametrize(
    ("places", "taken", "free"), [(2, [], 1), (2, [1], 2), (3, [1, 3], 2), (1, [1], None)]
)
def test_the_first_free_place(places, taken, free):
    assert free_place(places, taken) == free


def test_a_post_is_given_once_ended_and_given_again(cast, tree, post):
    assert list(offered_to(cast.trainee.person)) == [post]
    held = give(post, cast.trainee, cast.administrator)
    assert not offered_to(cast.trainee.person).exists()
    with pytest.raises(PostRefused):  # all places are filled
        give(post, cast.other_trainee, cast.administrator)
    with pytest.raises(PostRefused):  # holds one already
        give(make_staff_post(tree["station"], title="另一岗"), cast.trainee, cast.administrator)
    with pytest.raises(PostRefused):  # before it began
        end_post(holding=held, ends_on=TODAY() - timedelta(days=11), actor=cast.administrator)
    end_post(holding=held, ends_on=TODAY() - timedelta(days=2), actor=cast.administrator)
    with pytest.raises(PostRefused):
        end_post(holding=held, ends_on=TODAY(), actor=cast.administrator)
    with pytest.raises(PostRefused):  # held another on that day
        give(post, cast.trainee, cast.administrator, days_ago=2)
    give(post, cast.trainee, cast.administrator, days_ago=1)
    acts = AuditEntry.objects.filter(action__startswith="credentials.").order_by("pk")
    assert [act.action for act in acts] == [
        *("credentials.give_post", "credentials.end_post", "credentials.give_post"),
    ]
    (row,) = staffing_of(Post.objects.filter(sector=post.sector, title=post.title))
    assert (row.planned, row.filled, row.open) == (1, 1, 0)


def test_nobody_gets_a_post_elsewhere_in_the_future_or_that_is_closed(cast, tree, post):
    with pytest.raises(PostRefused):
        give(make_staff_post(tree["agency"]), cast.trainee, cast.administrator)
    with pytest.raises(PostRefused):
        give(post, cast.trainee, cast.administrator, days_ago=-1)
    post.is_active = False
    save_post(post=post, actor=cast.administrator)
    with pytest.raises(PostRefused):
        give(post, cast.trainee, cast.administrator)


def test_fewer_places_than_holders_are_refused_and_the_ranks_close(cast, tree, post):
    post.places = 3
    save_post(post=post, actor=cast.administrator)
    third = make_user("第三人", tree["station"])
    rows = [give(post, user, cast.administrator) for user in (cast.trainee, cast.other_trainee, third)]
    post.places = 2
    with pytest.raises(PostRefused):
        save_post(post=post, actor=cast.administrator)
    end_post(holding=rows[0], ends_on=TODAY(), actor=cast.administrator)
    save_post(post=post, actor=cast.administrator)
    assert sorted(PostHolding.objects.current().values_list("place", flat=True)) == [1, 2]
    twin = Post(organisation=post.organisation, sector=post.sector, title=post.title, places=1)
    with pytest.raises(PostRefused):
        save_post(post=twin, actor=cast.administrator)


def test_the_database_itself_refuses_what_must_never_be(cast, tree, post):
    held = give(post, cast.trainee, cast.administrator)
    fields = {"given_by": cast.administrator, "place": 1, "starts_on": TODAY()}
    other = make_staff_post(tree["agency"])
    for wrong in (
        {"post": other, "person": cast.trainee.person},  # a second post
        {"post": post, "person": cast.other_trainee.person},  # the same place
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            PostHolding.objects.create(**fields | wrong)
    past = {"starts_on": held.starts_on, "ends_on": TODAY(), "ended_by": cast.administrator}
    with pytest.raises(IntegrityError), transaction.atomic():
        PostHolding.objects.create(post=other, person=cast.trainee.person, **fields | past)


def test_routes_are_added_never_changed(cast):
    route = {"person": cast.trainee.person, "actor": cast.administrator}
    row = record_route(route="recruited", since=TODAY() - timedelta(days=400), note="公益创投项目", **route)
    with pytest.raises(PostRefused):
        record_route(route="recruited", since=row.since, **route)
    with pytest.raises(PostRefused):
        record_route(route="promoted", since=TODAY() + timedelta(days=1), **route)
    with pytest.raises(DatabaseError), transaction.atomic():
        TalentRoute.objects.filter(pk=row.pk).update(route="promoted")


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_of_two_who_want_the_last_place_one_gets_it(cast, tree):
    post = make_staff_post(tree["station"], sector="sector_at_once")

    def want(user):
        try:
            return give(Post.objects.get(pk=post.pk), user, cast.administrator)
        except PostRefused:
            return None

    found = at_once(want, [cast.trainee, cast.other_trainee])
    assert len([one for one in found if one]) == 1
    assert PostHolding.objects.current().count() == 1
