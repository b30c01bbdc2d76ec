import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry, Notice
from core.states import IllegalMove
from supervision.circles import actions
from supervision.models import CircleReview
from supervision.pairings.actions import NotPossible
from supervision.sessions.actions import decline_review, end_review, grant_review
from tests.factories import give_role, make_member, make_user
from tests.supervision.circles.conftest import record

pytestmark = pytest.mark.django_db
MARKER = "只在小组里说的话"


@pytest.fixture
def review(group, cast):
    record(group, topics=MARKER)
    return actions.ask_circle_review(circle=group.circle, reviewer=cast.auditor, reason="投诉调查")


def read(review, cast, user=None):
    return actions.read_gathering_in_review(
        review=review, gathering=review.circle.gatherings.get(), actor=user or cast.auditor
    )


def test_a_second_person_grants_it_all_are_told_and_every_look_is_audited(review, cast):
    with pytest.raises(NotPossible):
        read(review, cast)
    with pytest.raises(NotPossible):
        grant_review(review=review, actor=cast.auditor, days=3)
    grant_review(review=review, actor=cast.administrator, days=3)
    for user in (cast.supervisor, cast.trainee, cast.other_trainee):
        assert Notice.objects.filter(user=user, kind="supervision.review").exists()
        assert CircleReview.objects.visible_to(user).exists()
    assert [row.topics for row in read(review, cast)] == [MARKER]
    assert AuditEntry.objects.filter(action="supervision.read_gathering_in_review").count() == 1
    with pytest.raises(NotPossible):
        read(review, cast, cast.administrator)
    end_review(review=review, actor=cast.auditor)
    with pytest.raises(NotPossible):
        read(review, cast)


def test_it_ends_by_itself_and_once_declined_stays_so(review, cast):
    grant_review(review=review, actor=cast.administrator, days=1)
    CircleReview.objects.update(ends_at=timezone.now() - datetime.timedelta(minutes=1))
    with pytest.raises(NotPossible):
        read(review, cast)
    with pytest.raises(IllegalMove):
        decline_review(review=review, actor=cast.administrator, answer="不必")


def test_nobody_of_the_circle_asks_or_decides(group, review, cast):
    make_member(group.circle, cast.administrator.person)
    with pytest.raises(NotPossible):
        actions.ask_circle_review(circle=group.circle, reviewer=cast.administrator, reason="好奇")
    with pytest.raises(NotPossible):
        grant_review(review=review, actor=cast.administrator, days=3)
    assert not CircleReview.objects.visible_to(cast.trainee).exists()


def test_no_officer_decides_whom_one_of_the_circle_has_let_in(review, cast, tree):
    give_role(cast.trainee, "administrator", tree["district"])
    helper = make_user("被引入者", tree["district"])
    give_role(helper, "administrator", tree["district"], granted_by=cast.trainee)
    with pytest.raises(NotPossible, match="另一位管理员"):
        grant_review(review=review, actor=helper, days=3)


def test_at_the_desk_it_is_asked_for_granted_and_read(client, group, cast):
    record(group, topics=MARKER)
    client.force_login(cast.auditor)
    ask = reverse("circle_reviews:ask", args=[group.circle.pk])
    assert client.post(ask, {"reason": ""}).status_code == 200
    client.post(ask, {"reason": "投诉调查"})
    review = CircleReview.objects.get()
    address = reverse("circle_reviews:inspect", args=[review.pk])
    assert client.post(address, {"grant": "1", "days": "3"}).status_code in (302, 403, 404)
    assert CircleReview.objects.get().state == "asked"
    client.force_login(cast.administrator)
    assert client.post(address, {"grant": "1", "days": "99"}).status_code == 200
    client.post(address, {"grant": "1", "days": "3"})
    gathering = group.circle.gatherings.get()
    where = reverse("circle_reviews:read", args=[review.pk, gathering.pk])
    assert client.get(where).status_code == 404
    client.force_login(cast.auditor)
    assert MARKER in client.get(where).content.decode()
    assert where in client.get(address).content.decode()
    client.force_login(cast.trainee)
    assert "投诉调查" in client.get(group.circle.get_absolute_url()).content.decode()
