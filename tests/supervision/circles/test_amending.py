import uuid

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from core.models import Notice
from core.states import IllegalMove, StaleState
from credentials.hours.actions import reconcile as reconcile_hours
from credentials.models import HoursEntry
from supervision.circles import actions
from supervision.circles.actions import GatheringRefused
from supervision.circles.policy import Shared
from supervision.models import Gathering, GatheringAmendment, PartAmendment, Participation
from supervision.pairings.actions import NotPossible
from supervision.sessions.policy import Agreed
from tests.factories import make_pairing, make_session, make_supervisor, make_user
from tests.supervision.circles.conftest import facts, record

pytestmark = pytest.mark.django_db


@pytest.fixture
def confirmed(group, cast):
    """A gathering that both have confirmed: 60 minutes of the one, 90 of the other."""
    held = record(group, came={cast.trainee.person.pk: 60, cast.other_trainee.person.pk: 90})
    for user in (cast.trainee, cast.other_trainee):
        actions.confirm_part(part=held.parts.get(person__user=user), actor=user)
    return Gathering.objects.with_circle().get(pk=held.pk)


def propose(held, cast, minutes=None, what=None, topics="转介的时机", **more):
    return actions.propose_gathering_amendment(
        gathering=held,
        actor=cast.supervisor,
        facts=what or facts(),
        shared=Shared(topics),
        minutes=minutes or {},
        reason="记错了",
        **more,
    )


def answer_of(amendment, user):
    return amendment.answers.get(part__person__user=user)


def accept(amendment, user):
    return actions.accept_gathering_amendment(answer=answer_of(amendment, user), actor=user)


def minutes_of(user):
    return sum(HoursEntry.objects.filter(person=user.person).values_list("minutes", flat=True))


def test_it_changes_once_all_have_accepted_and_the_hours_of_each_follow(confirmed, cast):
    amendment = propose(confirmed, cast, {cast.other_trainee.person.pk: 120}, facts(1, 9, 2))
    accept(amendment, cast.trainee)
    confirmed.refresh_from_db()
    assert (confirmed.minutes, confirmed.revision) == (90, 1)
    accept(amendment, cast.other_trainee)
    confirmed.refresh_from_db()
    amendment.refresh_from_db()
    assert (confirmed.minutes, confirmed.revision, amendment.state) == (120, 2, "accepted")
    assert [minutes_of(user) for user in (cast.trainee, cast.other_trainee, cast.supervisor)] == [
        60,
        120,
        120,
    ]
    assert amendment.rows  # both versions stand beside each other
    assert set(amendment.answers.values_list("former", "minutes")) == {(60, 60), (90, 120)}
    assert confirmed.contents.count() == 2
    assert not [line for line in reconcile_hours() if "participation" in line]


def test_the_leader_proposes_it_on_its_page(client, confirmed, cast):
    client.force_login(cast.supervisor)
    url = reverse("supervision:gathering-correct", args=[confirmed.pk])
    form = client.get(url).context["form"]
    values = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    client.post(url, values | {"topics": "转介与跟进", "reason": "记错了"})
    assert GatheringAmendment.objects.get().gathering == confirmed


def test_whose_own_minutes_alone_change_is_asked_alone(confirmed, cast):
    amendment = propose(confirmed, cast, {cast.trainee.person.pk: 45})
    assert list(amendment.answers.values_list("part__person", flat=True)) == [cast.trainee.person.pk]
    assert not PartAmendment.objects.visible_to(cast.other_trainee).exists()
    accept(amendment, cast.trainee)
    assert [minutes_of(user) for user in (cast.trainee, cast.other_trainee, cast.supervisor)] == [45, 90, 90]


def test_one_who_refuses_ends_it_and_only_the_leader_reads_why(confirmed, cast):
    amendment = propose(confirmed, cast, what=facts(1, 9, 2))
    answer = answer_of(amendment, cast.trainee)
    with pytest.raises(NotPossible):
        actions.refuse_gathering_amendment(answer=answer, actor=cast.trainee, reason=" ")
    actions.refuse_gathering_amendment(answer=answer, actor=cast.trainee, reason="就是九十分钟")
    amendment.refresh_from_db()
    assert amendment.state == "refused"
    with pytest.raises(IllegalMove):
        accept(amendment, cast.other_trainee)
    seen = PartAmendment.objects.visible_to(cast.supervisor).values_list("answer", flat=True)
    assert "就是九十分钟" in list(seen)
    others = PartAmendment.objects.visible_to(cast.other_trainee)
    assert not any(row.answer for row in others)
    assert Notice.objects.filter(user=cast.supervisor, source__contains="amendment-refused").exists()


def test_it_is_asked_for_with_a_reason_a_change_and_one_at_a_time(group, confirmed, cast):
    with pytest.raises(NotPossible):
        propose(confirmed, cast)
    with pytest.raises(StaleState):
        propose(confirmed, cast, what=facts(1, 9, 2), revision=9)
    with pytest.raises(NotPossible):
        actions.propose_gathering_amendment(
            gathering=confirmed,
            actor=cast.trainee,
            facts=facts(1, 9, 2),
            shared=Shared("x"),
            minutes={},
            reason="x",
        )
    with pytest.raises(GatheringRefused):
        propose(confirmed, cast, {cast.trainee.person.pk: 91})
    with pytest.raises(GatheringRefused):
        propose(confirmed, cast, what=facts(25))
    amendment = propose(confirmed, cast, what=facts(1, 9, 2))
    with pytest.raises(NotPossible):
        propose(confirmed, cast, what=facts(1, 9, 3))
    actions.withdraw_gathering_amendment(amendment=amendment, actor=cast.supervisor)
    assert propose(confirmed, cast, what=facts(1, 9, 3)).pk
    open_record = record(group, days_ago=2)
    with pytest.raises(IllegalMove):
        propose(open_record, cast, what=facts(2, 9, 2))


def test_who_confirms_while_it_waits_is_asked_too(group, cast):
    held = record(group)
    actions.confirm_part(part=held.parts.get(person__user=cast.trainee), actor=cast.trainee)
    held = Gathering.objects.with_circle().get(pk=held.pk)
    amendment = propose(held, cast, {cast.trainee.person.pk: 60}, facts(1, 9, 1))
    actions.confirm_part(part=held.parts.get(person__user=cast.other_trainee), actor=cast.other_trainee)
    accept(amendment, cast.trainee)
    assert Gathering.objects.get(pk=held.pk).minutes == 90
    accept(amendment, cast.other_trainee)
    assert [minutes_of(user) for user in (cast.trainee, cast.other_trainee, cast.supervisor)] == [60, 60, 60]


def test_who_has_not_confirmed_is_asked_anew_about_the_corrected_one(group, cast):
    held = record(group)
    actions.confirm_part(part=held.parts.get(person__user=cast.trainee), actor=cast.trainee)
    held = Gathering.objects.with_circle().get(pk=held.pk)
    accept(propose(held, cast, {cast.trainee.person.pk: 60}, facts(1, 9, 1)), cast.trainee)
    part = held.parts.get(person__user=cast.other_trainee)
    assert (part.state, part.minutes, part.revision) == ("waiting", 60, 2)
    actions.confirm_part(part=part, actor=cast.other_trainee)
    assert [minutes_of(user) for user in (cast.other_trainee, cast.supervisor)] == [60, 60]
    assert not [line for line in reconcile_hours() if "participation" in line]


def test_the_database_lets_nothing_else_change(confirmed, cast):
    amendment = propose(confirmed, cast, what=facts(1, 9, 2))
    part = confirmed.parts.first()
    for act in (
        lambda: Gathering.objects.filter(pk=confirmed.pk).update(minutes=120, revision=2),
        lambda: Participation.objects.filter(pk=part.pk).update(minutes=30, revision=part.revision + 1),
        lambda: GatheringAmendment.objects.filter(pk=amendment.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    accept(amendment, cast.trainee)
    accept(amendment, cast.other_trainee)
    for act in (
        lambda: GatheringAmendment.objects.filter(pk=amendment.pk).update(minutes=30),
        lambda: PartAmendment.objects.filter(amendment=amendment).update(minutes=30),
        lambda: Gathering.objects.filter(pk=confirmed.pk).update(shares={"educational": 100}),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_hours_that_an_officer_took_back_stay_away(confirmed, cast, tree):
    from credentials.hours.actions import correct_hours

    entry = HoursEntry.objects.get(person=cast.trainee.person)
    correct_hours(entry=entry, reason="查实未参加", actor=cast.administrator)
    accept(amendment := propose(confirmed, cast, {cast.trainee.person.pk: 45}), cast.trainee)
    assert amendment.pk and minutes_of(cast.trainee) == 0


def test_a_second_correction_stands_on_the_first(confirmed, cast):
    for hours, wanted in ((2, 120), (1.5, 90)):
        amendment = propose(confirmed, cast, what=facts(1, 9, hours))
        accept(amendment, cast.trainee)
        accept(amendment, cast.other_trainee)
        confirmed = Gathering.objects.with_circle().get(pk=confirmed.pk)
        assert minutes_of(cast.supervisor) == wanted
    assert confirmed.revision == 3
    assert uuid.UUID(str(confirmed.key))


def test_a_content_that_somebody_never_read_is_not_confirmed_by_an_old_page(group, cast):
    held = record(group)
    read = held.parts.get(person__user=cast.other_trainee)
    actions.confirm_part(part=held.parts.get(person__user=cast.trainee), actor=cast.trainee)
    held = Gathering.objects.with_circle().get(pk=held.pk)
    accept(propose(held, cast, topics="完全不同的内容"), cast.trainee)
    with pytest.raises(StaleState):
        actions.confirm_part(part=read, actor=cast.other_trainee, revision=read.revision)


def test_a_correction_takes_nobodys_time_who_was_elsewhere_then(group, cast, tree):
    held = record(group, start=14)
    other = make_supervisor(make_user("别的督导", tree["agency"]), tree["agency"], code="SV555")
    make_session(make_pairing(other, cast.other_trainee.person), "confirmed", days_ago=1)
    actions.confirm_part(part=held.parts.get(person__user=cast.trainee), actor=cast.trainee)
    held = Gathering.objects.with_circle().get(pk=held.pk)
    with pytest.raises(GatheringRefused):
        propose(held, cast, what=facts(1, 9, 2))


def test_the_database_lets_a_gathering_change_to_the_accepted_functions_and_shares_only(confirmed, cast):
    amendment = propose(confirmed, cast, topics="别的话")
    GatheringAmendment.objects.filter(pk=amendment.pk).update(state="accepted", answered_at=timezone.now())
    rows = Gathering.objects.filter(pk=confirmed.pk)
    for other in ({"functions": ["supportive"]}, {"shares": {"educational": 100}}):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(revision=amendment.number, **other)
    assert rows.update(revision=amendment.number) == 1


def test_what_the_record_no_longer_says_is_not_opened_again(group, cast):
    held = record(group, agreed=(Agreed("all", "读材料"),))
    action = held.actions.get()
    came = {person.pk: 90 for person in group.people}
    actions.amend_gathering(
        gathering=held, actor=cast.supervisor, facts=facts(), shared=Shared("转介的时机"), came=came
    )
    with pytest.raises(NotPossible):
        actions.tick_gathering_action(action=action, actor=cast.supervisor, is_done=False)
    action.refresh_from_db()
    assert action.closed_at is not None
