from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry, Notice, RoleAssignment, User
from core.states import IllegalMove
from supervision.models import SessionReview
from supervision.pairings.actions import NotPossible
from supervision.sessions import actions
from tests.factories import give_role, make_pairing, make_session, make_user

pytestmark = pytest.mark.django_db
SECRET = "只属于两个人的话"


@pytest.fixture
def session(pair):
    return make_session(pair.pairing, topics=SECRET)


def ask(pair, cast):
    return actions.ask_review(pairing=pair.pairing, reviewer=cast.auditor, reason="核查投诉")


def test_asked_granted_told_to_both_and_every_look_is_audited(pair, cast, session):
    review = ask(pair, cast)
    with pytest.raises(NotPossible):
        actions.read_in_review(review=review, session=session, actor=cast.auditor)
    actions.grant_review(review=review, actor=cast.administrator, days=3)
    for user in (cast.supervisor, cast.trainee):
        (notice,) = Notice.objects.filter(user=user, kind="supervision.review")
        assert "核查投诉" in notice.body_in()
    for _ in range(2):
        (content,) = actions.read_in_review(review=review, session=session, actor=cast.auditor)
        assert content.topics == SECRET
    entries = AuditEntry.objects.filter(action="supervision.read_in_review")
    assert entries.count() == 2
    assert SECRET not in str([entry.data for entry in entries])


def test_nobody_grants_their_own_and_neither_does_one_of_the_pair(pair, cast, session):
    review = actions.ask_review(pairing=pair.pairing, reviewer=cast.administrator, reason="核查")
    for user in (cast.administrator, cast.supervisor, cast.trainee):
        with pytest.raises(NotPossible):
            actions.grant_review(review=review, actor=user, days=3)
    with pytest.raises(NotPossible):
        actions.ask_review(pairing=pair.pairing, reviewer=cast.trainee, reason="看看")
    with pytest.raises(NotPossible):
        actions.ask_review(pairing=pair.pairing, reviewer=cast.administrator, reason="再来")


def test_the_audit_tells_an_officer_of_the_pair_nothing_before_it_is_granted(pair, cast, session, tree):
    give_role(cast.supervisor, "auditor", tree["district"])
    review = ask(pair, cast)
    actions.decline_review(review=review, actor=cast.administrator, answer="不查这一对")
    read = [f"{row.label} {row.data}" for row in AuditEntry.objects.visible_to(cast.supervisor)]
    assert not [each for each in read if str(pair.mentee) in each or "投诉" in each or "不查" in each]
    actions.grant_review(review=ask(pair, cast), actor=cast.administrator, days=1)
    granted = AuditEntry.objects.get(action="supervision.grant_review")
    assert (granted.label, granted.data["reason"]) == (str(SessionReview.objects.last()), "核查投诉")


@pytest.mark.parametrize("part", ["supervisor", "trainee", "administrator"])
def test_no_officer_decides_whom_the_reviewer_or_one_of_the_pair_has_let_in(pair, cast, session, tree, part):
    behind = getattr(cast, part)
    if part != "administrator":
        give_role(behind, "administrator", tree["district"])
    helper = make_user("被引入者", tree["district"])
    give_role(helper, "administrator", tree["district"], granted_by=behind)
    review = actions.ask_review(pairing=pair.pairing, reviewer=cast.administrator, reason="投诉")
    with pytest.raises(NotPossible, match="另一位管理员"):
        actions.grant_review(review=review, actor=helper, days=3)
    with pytest.raises(NotPossible, match="另一位管理员"):
        actions.decline_review(review=review, actor=helper, answer="不必")
    review.refresh_from_db()
    assert review.state == "asked"


def test_it_runs_out_by_itself_and_can_be_ended(pair, cast, session):
    review = actions.grant_review(review=ask(pair, cast), actor=cast.administrator, days=1)
    SessionReview.objects.filter(pk=review.pk).update(ends_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(NotPossible):
        actions.read_in_review(review=review, session=session, actor=cast.auditor)
    SessionReview.objects.filter(pk=review.pk).update(ends_at=timezone.now() + timedelta(days=1))
    actions.end_review(review=review, actor=cast.auditor)
    with pytest.raises(NotPossible):
        actions.read_in_review(review=review, session=session, actor=cast.auditor)
    with pytest.raises(IllegalMove):
        actions.end_review(review=review, actor=cast.auditor)


def test_it_opens_this_pairing_alone_and_to_this_person_alone(pair, cast, session, tree):
    review = actions.grant_review(review=ask(pair, cast), actor=cast.administrator, days=3)
    other = make_session(make_pairing(pair.supervisor, make_user("周一", tree["station"]).person), days_ago=5)
    with pytest.raises(NotPossible):
        actions.read_in_review(review=review, session=other, actor=cast.auditor)
    for user in (cast.administrator, cast.city_administrator, cast.other_trainee):
        with pytest.raises(NotPossible):
            actions.read_in_review(review=review, session=session, actor=user)


def test_who_lost_the_role_reads_no_more(pair, cast, session):
    review = actions.grant_review(review=ask(pair, cast), actor=cast.administrator, days=3)
    RoleAssignment.objects.filter(user=cast.auditor).delete()
    with pytest.raises(NotPossible):
        actions.read_in_review(review=review, session=session, actor=User.objects.get(pk=cast.auditor.pk))


def test_on_the_pages_of_the_desk(client, pair, cast, session):
    client.force_login(cast.auditor)
    assert SECRET not in client.get(session.get_absolute_url()).content.decode()
    address = reverse("session_reviews:ask", args=[pair.pairing.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": ""}).status_code == 200
    assert client.post(address, {"reason": "核查投诉"}).status_code == 302
    review = SessionReview.objects.get()
    inspect = reverse("session_reviews:inspect", args=[review.pk])
    read = reverse("session_reviews:read", args=[review.pk, session.pk])
    assert client.get(read).status_code == 404
    assert client.post(inspect, {"grant": "1", "days": 3}).status_code == 404
    client.force_login(cast.administrator)
    assert client.post(inspect, {"grant": "1", "days": 99}).status_code == 200
    assert client.post(inspect, {"grant": "1", "days": 3}).status_code == 302
    assert client.get(read).status_code == 404
    client.force_login(cast.auditor)
    assert read in client.get(inspect).content.decode()
    assert SECRET in client.get(read).content.decode()
    client.force_login(cast.trainee)
    assert "核查投诉" in client.get(pair.pairing.get_absolute_url()).content.decode()
    client.force_login(cast.administrator)
    assert client.post(inspect, {"end": "1"}).status_code == 302
    client.force_login(cast.auditor)
    assert client.get(read).status_code == 404


def test_one_of_the_pair_is_no_reviewer_whatever_roles_they_hold(client, pair, cast, session):
    client.force_login(cast.supervisor)
    address = reverse("session_reviews:ask", args=[pair.pairing.pk])
    assert client.get(address).status_code in (302, 403, 404)


@pytest.mark.parametrize("number", [1, 6])
def test_the_list_takes_the_same_statements_for_one_and_for_many(
    client, pair, cast, tree, django_assert_max_num_queries, number
):
    type(pair.supervisor).objects.update(capacity=50)
    for _ in range(number):
        other = make_pairing(pair.supervisor, make_user("周一", tree["station"]).person)
        actions.ask_review(pairing=other, reviewer=cast.auditor, reason="核查")
    client.force_login(cast.administrator)
    address = reverse("session_reviews:index")
    client.get(address)
    with django_assert_max_num_queries(60) as captured:
        client.get(address)
    own = [one for one in captured.captured_queries if "supervision_sessionreview" in one["sql"]]
    assert len(own) == 2
