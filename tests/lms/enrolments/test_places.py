"""Freed places: offered in order, accepted in time or lapsed, and never taken by a newcomer."""

from datetime import timedelta

import pytest
import time_machine
from django.core.paginator import Paginator
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry, Notice, User
from core.states import IllegalMove, Refused
from lms.cohorts.actions import cancel_cohort, change_cohort
from lms.enrolments import actions
from lms.enrolments.places import take_seats
from lms.enrolments.queries import turns_of, turns_on
from lms.enrolments.states import EnrolmentState as S
from lms.models import Cohort, Enrolment
from lms.public import enrolments_of
from tests.factories import make_cohort, make_enrolment, make_user

HOUR = timedelta(hours=1)


@pytest.fixture
def cohort(tree):
    return make_cohort(tree["district"], capacity=1)


@pytest.fixture
def seated(cohort):
    return make_enrolment(cohort, make_user("王坐").person)


@pytest.fixture
def line(cohort, seated, cast):
    """Three who wait, in their order."""
    users = (cast.trainee, cast.other_trainee, cast.outside_trainee)
    return [actions.apply(cohort=cohort, person=user.person, actor=user).enrolment for user in users]


@pytest.fixture
def offered(seated, line):
    """The first of them, for whom a place is held."""
    actions.withdraw(enrolment=seated, actor=seated.person.user)
    return again(line[0])


def again(enrolment):
    return Enrolment.objects.select_related("cohort__organisation", "person__user").get(pk=enrolment.pk)


def states(rows):
    return [again(row).state for row in rows]


def run_out(enrolment):
    Enrolment.objects.filter(pk=enrolment.pk).update(offer_expires_at=timezone.now() - timedelta(seconds=1))


def audited(enrolment):
    rows = AuditEntry.objects.filter(target_id=str(enrolment.pk), content_type__model="enrolment")
    return list(rows.order_by("pk").values_list("action", flat=True))


def test_a_freed_place_is_held_for_whoever_waits_first(cohort, line, offered):
    cohort.refresh_from_db()
    assert states(line) == [S.OFFERED, S.WAITING, S.WAITING]
    assert cohort.seats_taken == 1
    assert timedelta(hours=47) < offered.offer_expires_at - timezone.now() <= timedelta(hours=48)
    notice = Notice.objects.get(kind="lms.enrolment_offered")
    assert notice.user == offered.person.user
    assert timezone.localtime(offered.offer_expires_at).strftime("%H:%M") in notice.body_in("zh-hans")
    assert notice.deliveries.get(channel="mail").due_at <= timezone.now()  # at once: the offer runs out


def test_an_accepted_offer_is_reviewed_as_any_application(cast, offered):
    actions.accept_offer(enrolment=offered, actor=cast.trainee)
    assert again(offered).state == S.APPLIED
    assert audited(offered) == ["lms.apply", "lms.offer_place", "lms.accept_offer"]
    assert Notice.objects.get(kind="lms.enrolment_offered").read_at is not None
    actions.approve(enrolment=again(offered), actor=cast.administrator)
    with pytest.raises(IllegalMove):
        actions.accept_offer(enrolment=again(offered), actor=cast.trainee)


def test_a_declined_offer_goes_to_the_next_at_once(cast, line, offered):
    actions.decline_offer(enrolment=offered, actor=cast.trainee)
    assert states(line) == [S.WITHDRAWN, S.OFFERED, S.WAITING]
    assert audited(offered)[-1] == "lms.decline_offer"
    with pytest.raises(IllegalMove):
        actions.decline_offer(enrolment=again(line[2]), actor=cast.outside_trainee)


def test_an_offer_that_has_run_out_lapses_and_goes_to_the_next(cohort, line, offered):
    run_out(offered)
    assert actions.expire_offers() == 1
    assert actions.expire_offers() == 0
    cohort.refresh_from_db()
    assert states(line) == [S.LAPSED, S.OFFERED, S.WAITING]
    assert cohort.seats_taken == 1
    assert audited(offered)[-1] == "lms.expire_offers"
    assert Notice.objects.get(kind="lms.enrolment_lapsed").user == offered.person.user


def test_without_a_waiting_list_nobody_is_sent_to_one(client, cast, cohort, offered):
    Cohort.objects.filter(pk=cohort.pk).update(has_waiting_list=False)
    run_out(offered)
    actions.expire_offers()
    assert "候补" not in Notice.objects.get(kind="lms.enrolment_lapsed").body_in("zh-hans")
    client.force_login(cast.trainee)
    page = client.get(reverse("lms:enrolment-detail", args=[offered.pk])).content.decode()
    assert "可以重新加入" not in page
    assert reverse("lms:enrolment-apply", args=[cohort.pk]) not in page


CLOSED_NOW = {"closes_at": timezone.now() - HOUR}


@pytest.mark.parametrize(
    ("fields", "button", "said"),
    [
        ({}, "加入候补名单", "重新加入候补名单"),
        ({"capacity": 9}, "报名", "重新报名"),
        (CLOSED_NOW, "", ""),
        ({"is_public": False}, "", ""),
        ({"cancelled_at": timezone.now()}, "", ""),
    ],
)
def test_whoever_let_an_offer_lapse_is_shown_a_way_back_only_while_it_is_open(
    trainee, cohort, line, offered, fields, button, said
):
    """The page and the notice say what the cohort itself says behind the button."""
    Cohort.objects.filter(pk=cohort.pk).update(**fields)
    run_out(offered)
    page = trainee.get(url("detail", offered)).content.decode()
    body = Notice.objects.get(kind="lms.enrolment_lapsed").body_in("zh-hans")
    there = reverse("lms:enrolment-apply", args=[cohort.pk])
    assert (f'href="{there}">{button}</a>' in page) if button else (there not in page)
    for text in ("重新加入候补名单", "重新报名"):
        assert (text in page, text in body) == (text == said, text == said)


def test_an_offer_that_has_run_out_is_never_accepted(cast, line, offered):
    run_out(offered)
    with pytest.raises(Refused):
        actions.accept_offer(enrolment=offered, actor=cast.trainee)
    assert states(line) == [S.LAPSED, S.OFFERED, S.WAITING]


def test_whoever_let_an_offer_lapse_may_join_again_at_the_end(cast, cohort, line, offered):
    run_out(offered)
    done = actions.apply(cohort=cohort, person=cast.trainee.person, actor=cast.trainee)
    assert (done.enrolment.pk != offered.pk, done.place) == (True, 2)
    assert states(line) == [S.LAPSED, S.OFFERED, S.WAITING]


def test_the_last_who_waits_may_apply_again_for_the_place_that_they_let_lapse(cast, cohort, seated):
    alone = actions.apply(cohort=cohort, person=cast.trainee.person, actor=cast.trainee).enrolment
    actions.withdraw(enrolment=seated, actor=seated.person.user)
    run_out(alone)
    done = actions.apply(cohort=cohort, person=cast.trainee.person, actor=cast.trainee)
    assert (done.enrolment.state, again(alone).state) == (S.APPLIED, S.LAPSED)


def test_a_place_is_never_held_for_a_closed_account(cast, cohort, seated, line):
    """They could not answer, and the place would stand empty until the offer runs out."""
    User.objects.filter(pk=cast.trainee.pk).update(is_active=False)
    cohort = Cohort.objects.get(pk=cohort.pk)
    assert (cohort.waiting, again(line[1]).place) == (2, 1)
    assert [turn.number for turn in turns_on(Paginator(turns_of(cohort), 50).page(1), line[1])] == [1, 2]
    actions.withdraw(enrolment=seated, actor=seated.person.user)
    assert states(line) == [S.WAITING, S.OFFERED, S.WAITING]


def test_no_newcomer_takes_a_place_before_those_who_wait(cohort, line):
    """A place that is free although somebody waits: a crash, or a row written by hand."""
    Enrolment.objects.filter(pk=Enrolment.objects.get(state=S.ENROLLED).pk).delete()
    Cohort.objects.filter(pk=cohort.pk).update(seats_taken=0)
    newcomer = make_user("后来者")
    done = actions.apply(cohort=cohort, person=newcomer.person, actor=newcomer)
    assert done.place == 3
    assert states(line) == [S.OFFERED, S.WAITING, S.WAITING]


def test_places_added_are_offered_in_order_and_not_to_a_newcomer(cast, cohort, line):
    change_cohort(cohort=cohort, actor=cast.administrator, capacity=3)
    newcomer = make_user("后来者")
    assert actions.apply(cohort=cohort, person=newcomer.person, actor=newcomer).place == 2
    assert states(line) == [S.OFFERED, S.OFFERED, S.WAITING]


def test_on_the_eve_an_offer_is_shorter(cast, tree, cohort, line, seated):
    start = timezone.localdate() + timedelta(days=1)
    Cohort.objects.update(starts_on=start)
    eve = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    with time_machine.travel(eve, tick=False):
        actions.withdraw(enrolment=again(seated), actor=seated.person.user)
        assert again(line[0]).offer_expires_at - timezone.now() == 12 * HOUR


def test_a_cancelled_cohort_offers_nothing(cast, cohort, line, offered):
    cancel_cohort(cohort=cohort, actor=cast.administrator, reason="场地维修")
    assert states(line) == [S.CANCELLED] * 3
    assert Cohort.objects.get().seats_taken == 0
    run_out(offered)
    assert actions.expire_offers() == 0


@pytest.fixture
def trainee(client, cast):
    client.force_login(cast.trainee)
    return client


def url(name, enrolment):
    return reverse(f"lms:enrolment-{name}", args=[enrolment.pk])


def test_the_offer_is_accepted_on_the_page_that_the_notice_leads_to(trainee, offered):
    notice = Notice.objects.get(kind="lms.enrolment_offered")
    shown = trainee.get(notice.url)
    assert url("accept", offered) in shown.content.decode()
    for _ in range(2):
        assert trainee.post(url("accept", offered)).url == url("detail", offered)
    assert again(offered).state == S.APPLIED


def test_the_offer_is_declined_on_the_same_page(trainee, line, offered):
    for _ in range(2):
        assert trainee.post(url("decline", offered)).url == url("detail", offered)
    assert states(line) == [S.WITHDRAWN, S.OFFERED, S.WAITING]


def test_looking_at_an_offer_that_has_run_out_lets_it_lapse(trainee, line, offered):
    run_out(offered)
    shown = trainee.get(url("detail", offered)).content.decode()
    assert url("accept", offered) not in shown
    assert reverse("lms:enrolment-apply", args=[offered.cohort_id]) in shown
    assert states(line) == [S.LAPSED, S.OFFERED, S.WAITING]


def test_the_desk_of_a_trainee_counts_an_offer_that_has_run_out_as_lapsed(cast, offered):
    assert enrolments_of(cast.trainee.person)[0].offer_until == offered.offer_expires_at
    run_out(offered)
    card = enrolments_of(cast.trainee.person)[0]
    assert (card.state, card.offer_until) == (S.LAPSED, None)


def test_nobody_answers_for_somebody_else(client, cast, offered):
    for part in ("other_trainee", "administrator", "auditor", "outsider"):
        client.force_login(getattr(cast, part))
        for name in ("accept", "decline"):
            assert client.get(url(name, offered)).status_code == 405
            assert client.post(url(name, offered)).status_code == 404
    assert again(offered).state == S.OFFERED


def test_the_order_is_shown_without_names(client, cast, line, offered):
    client.force_login(cast.other_trainee)
    shown = client.get(url("waiting-list", line[1]))
    assert [(turn.number, turn.is_own, bool(turn.held_until)) for turn in shown.context["turns"]] == [
        (None, False, True),
        (1, True, False),
        (2, False, False),
    ]
    text = shown.content.decode()
    assert cast.trainee.person.name not in text
    assert cast.outside_trainee.person.name not in text
    assert client.get(url("waiting-list", line[1]) + "?page=x").status_code == 200
    assert client.get(url("waiting-list", line[0])).status_code == 404


def test_whoever_does_not_wait_is_led_to_their_enrolment(client, seated):
    client.force_login(seated.person.user)
    assert client.get(url("waiting-list", seated)).url == url("detail", seated)


def test_a_trainee_leaves_until_the_last_day_to_leave(cast, cohort, client):
    Cohort.objects.update(withdraw_until=timezone.localdate())
    enrolment = make_enrolment(cohort, cast.trainee.person)
    actions.withdraw(enrolment=again(enrolment), actor=cast.trainee)
    assert (again(enrolment).state, again(enrolment).withdrawn_late) == (S.WITHDRAWN, False)


def test_afterwards_only_an_officer_takes_somebody_out_and_it_counts_as_dropping_out(cast, cohort, trainee):
    day = timezone.localdate() - timedelta(days=1)
    Cohort.objects.update(withdraw_until=day)
    enrolment = make_enrolment(cohort, cast.trainee.person)
    shown = trainee.get(url("detail", enrolment)).content.decode()
    assert url("withdraw", enrolment) not in shown
    trainee.post(url("withdraw", enrolment))
    assert again(enrolment).state == S.ENROLLED
    with pytest.raises(Refused):
        actions.withdraw(enrolment=again(enrolment), actor=cast.trainee)
    actions.withdraw(enrolment=again(enrolment), actor=cast.administrator, reason="离职")
    assert (again(enrolment).state, again(enrolment).withdrawn_late) == (S.WITHDRAWN, True)


@pytest.mark.parametrize("state", [S.APPLIED, S.WAITING])
def test_an_application_can_be_taken_back_at_any_time(cast, cohort, state):
    Cohort.objects.update(withdraw_until=timezone.localdate() - timedelta(days=1))
    enrolment = again(make_enrolment(cohort, cast.trainee.person, state))
    actions.withdraw(enrolment=enrolment, actor=cast.trainee)
    assert (enrolment.state, enrolment.withdrawn_late) == (S.WITHDRAWN, False)


def test_many_places_are_taken_at_once_or_none(tree):
    cohort = make_cohort(tree["district"], capacity=3, seats_taken=1)
    assert not take_seats(cohort, 3)
    assert Cohort.objects.get(pk=cohort.pk).seats_taken == 1
    assert take_seats(cohort, 2)
    assert (cohort.seats_taken, Cohort.objects.get(pk=cohort.pk).seats_taken) == (3, 3)
    Cohort.objects.filter(pk=cohort.pk).update(cancelled_at=timezone.now(), seats_taken=0)
    assert not take_seats(cohort, 1)


@pytest.mark.parametrize("part", ["administrator", "other_trainee", "auditor"])
def test_nobody_answers_an_offer_for_somebody_else(cohort, cast, part):
    offered = make_enrolment(cohort, cast.trainee.person, S.OFFERED)
    for act in (actions.accept_offer, actions.decline_offer):
        with pytest.raises(Refused):
            act(enrolment=offered, actor=getattr(cast, part))
    assert Enrolment.objects.get(pk=offered.pk).state == S.OFFERED
