"""Wishing to change the cohort, and what becomes of the wish: nobody is jumped, and each place is counted once."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import Notice
from core.states import IllegalMove, Refused
from lms import public
from lms.cohorts.actions import cancel_cohort
from lms.enrolments.actions import complete_if_done, withdraw
from lms.enrolments.queries import done_of
from lms.enrolments.states import EnrolmentState as S
from lms.models import Cohort, LessonProgress, Transfer
from lms.transfers import actions
from lms.transfers.queries import places_elsewhere
from tests.factories import make_cohort, make_enrolment, make_learned, make_transfer
from tests.lms.transfers.steps import again, ask, audited, seats


def test_a_wish_waits_for_the_organiser_of_the_new_cohort(cast, enrolment, new):
    wish = ask(enrolment, new, cast.trainee)
    assert (wish.state, seats()) == ("asked", {"白天班": 1, "夜间班": 0})
    assert Notice.objects.get(kind="lms.transfers").user == cast.administrator
    with pytest.raises(Refused):
        ask(enrolment, new, cast.trainee)


@pytest.mark.parametrize("part", ["administrator", "other_trainee", "auditor"])
def test_nobody_wishes_for_somebody_else(cast, enrolment, old, new, part):
    user = getattr(cast, part)
    with pytest.raises(Refused):
        ask(enrolment, new, user)
    wish = ask(enrolment, new, cast.trainee)
    with pytest.raises(Refused):
        actions.take_back_transfer(transfer=wish, actor=user)
    assert again(wish).state == "asked"
    cancel_cohort(cohort=old, actor=cast.administrator, reason="场地维修")
    with pytest.raises(Refused):
        actions.move_elsewhere(enrolment=again(enrolment), target=new, actor=user)
    assert again(enrolment).cohort == old


def test_a_granted_wish_moves_the_row_with_everything_learned(cast, enrolment, old, new):
    lesson = enrolment.version.lessons.get()
    LessonProgress.objects.create(enrolment=enrolment, lesson=lesson, completed_at=timezone.now())
    before = done_of([enrolment.pk])[enrolment.pk]
    waiting = make_enrolment(old, cast.other_trainee.person, "waiting")
    wish = ask(enrolment, new, cast.trainee)
    actions.grant_transfer(transfer=wish, actor=cast.administrator)
    moved = again(enrolment)
    assert (moved.cohort, moved.version, moved.state) == (new, new.version, S.ENROLLED)
    assert done_of([moved.pk])[moved.pk] == before == {str(lesson.key)}
    assert again(waiting).state == S.OFFERED  # the place that is left follows its own list
    assert seats() == {"白天班": 1, "夜间班": 1}
    assert audited(enrolment) == ["lms.ask_transfer", "lms.grant_transfer"]
    assert Notice.objects.get(kind="lms.transfer_moved").user == cast.trainee
    with pytest.raises(IllegalMove):
        actions.take_back_transfer(transfer=again(wish), actor=cast.trainee)


def test_people_who_wait_in_the_new_cohort_come_first(cast, enrolment, new):
    wish = ask(enrolment, new, cast.trainee)
    make_enrolment(new, cast.other_trainee.person, "waiting")
    with pytest.raises(Refused):
        actions.grant_transfer(transfer=wish, actor=cast.administrator)
    assert (again(wish).state, again(enrolment).cohort_id) == ("asked", wish.from_cohort_id)


def test_a_place_that_is_gone_is_not_granted(cast, enrolment, new):
    wish = ask(enrolment, new, cast.trainee)
    make_enrolment(new, cast.other_trainee.person)
    with pytest.raises(Refused):
        actions.grant_transfer(transfer=wish, actor=cast.administrator)
    assert seats() == {"白天班": 1, "夜间班": 1}


@pytest.mark.parametrize("state", [S.APPLIED, S.WAITING, S.COMPLETED, S.WITHDRAWN, S.LAPSED])
def test_only_those_with_a_place_ask(cast, old, new, state):
    enrolment = make_enrolment(old, cast.trainee.person, state)
    with pytest.raises(Refused):
        ask(enrolment, new, cast.trainee)


def test_a_wish_needs_a_reason_and_a_cohort_that_takes_people(cast, tree, enrolment, old, new):
    closed = make_cohort(
        tree["district"], old.version, title="截止班", closes_at=timezone.now() - timedelta(hours=1)
    )
    other_course = make_cohort(tree["district"], title="别的课")
    for target, reason in ((new, "  "), (closed, "x"), (other_course, "x"), (old, "x")):
        with pytest.raises(Refused):
            ask(enrolment, target, cast.trainee, reason)
    assert not Transfer.objects.exists()


def test_nobody_moves_by_themselves_into_a_cohort_by_invitation(cast, enrolment, new):
    Cohort.objects.filter(pk=new.pk).update(by_invitation=True)
    assert places_elsewhere(enrolment) == []
    with pytest.raises(Refused):
        ask(enrolment, again(new), cast.trainee)


def test_a_refusal_says_why_and_leaves_everything(cast, enrolment, new):
    wish = ask(enrolment, new, cast.trainee)
    with pytest.raises(Refused):
        actions.refuse_transfer(transfer=wish, actor=cast.administrator, reason=" ")
    actions.refuse_transfer(transfer=wish, actor=cast.administrator, reason="已排满实习")
    assert (again(wish).state, again(wish).answer) == ("refused", "已排满实习")
    assert seats() == {"白天班": 1, "夜间班": 0}
    assert ask(again(enrolment), new, cast.trainee).state == "asked"


def test_nobody_decides_on_their_own_transfer(cast, old, new):
    own = make_enrolment(old, cast.administrator.person)
    wish = ask(own, new, cast.administrator)
    for act in (
        lambda: actions.grant_transfer(transfer=wish, actor=cast.administrator),
        lambda: actions.refuse_transfer(transfer=wish, actor=cast.administrator, reason="x"),
        lambda: actions.transfer_enrolment(enrolment=own, target=new, reason="x", actor=cast.administrator),
    ):
        with pytest.raises(Refused):
            act()
    assert again(own).cohort == old


def test_a_cohort_that_is_cancelled_ends_the_wishes_to_go_there(client, cast, enrolment, new):
    wish = ask(enrolment, new, cast.trainee)
    cancel_cohort(cohort=new, actor=cast.administrator, reason="师资不足")
    wish = again(wish)
    assert (wish.state, wish.answer, wish.decided_by) == ("refused", "师资不足", cast.administrator)
    assert audited(enrolment) == ["lms.ask_transfer", "lms.refuse_transfer"]
    notice = Notice.objects.get(user=cast.trainee, kind="lms.transfer_refused")
    assert "师资不足" in notice.body_in()
    client.force_login(cast.trainee)
    page = client.get(reverse("lms:enrolment-detail", args=[enrolment.pk])).content.decode()
    assert reverse("lms:transfer-take-back", args=[wish.pk]) not in page
    client.force_login(cast.administrator)
    assert (
        reverse("transfers:grant", args=[wish.pk])
        not in client.get(reverse("transfers:cohort", args=[new.pk])).content.decode()
    )


def test_a_cohort_that_is_cancelled_ends_the_wishes_to_leave_it(cast, enrolment, old, new):
    wish = ask(enrolment, new, cast.trainee)
    cancel_cohort(cohort=old, actor=cast.administrator, reason="师资不足")
    assert again(wish).state == "taken_back"
    assert Notice.objects.filter(user=cast.trainee, kind="lms.transfer_ended").count() == 1
    with pytest.raises(IllegalMove):
        actions.grant_transfer(transfer=again(wish), actor=cast.administrator)


def test_a_move_by_an_officer_settles_the_wish(cast, enrolment, new):
    wish = ask(enrolment, new, cast.trainee)
    actions.transfer_enrolment(enrolment=enrolment, target=new, reason="同意", actor=cast.administrator)
    assert again(wish).state == "taken_back"
    assert Transfer.objects.get(state="granted").to_cohort == new
    assert audited(enrolment) == ["lms.ask_transfer", "lms.take_back_transfer", "lms.transfer_enrolment"]


def test_a_wish_of_before_that_a_new_one_ends_is_audited(cast, tree, enrolment, old, new):
    before = make_transfer(enrolment, make_cohort(tree["district"], old.version, title="周末班"))
    elsewhere = make_cohort(tree["district"], old.version, title="第三班")
    Transfer.objects.filter(pk=before.pk).update(from_cohort=elsewhere)
    ask(enrolment, new, cast.trainee)
    assert (again(before).state, again(before).decided_by) == ("taken_back", cast.trainee)
    assert audited(enrolment) == ["lms.take_back_transfer", "lms.ask_transfer"]


def test_whoever_has_left_is_not_moved_and_wishes_for_nothing_any_more(client, cast, enrolment, new):
    wish = ask(enrolment, new, cast.trainee)
    withdraw(enrolment=enrolment, actor=cast.trainee)
    assert (again(wish).state, again(wish).decided_by) == ("taken_back", cast.trainee)
    assert audited(enrolment) == ["lms.ask_transfer", "lms.withdraw_enrolment", "lms.take_back_transfer"]
    client.force_login(cast.administrator)
    page = client.get(reverse("transfers:cohort", args=[new.pk])).content.decode()
    for name in ("grant", "refuse"):
        address = reverse(f"transfers:{name}", args=[wish.pk])
        assert address not in page
        client.post(address, {"reason": "已排满实习"})
    assert again(wish).state == "taken_back"
    assert again(enrolment).state == S.WITHDRAWN
    assert not Notice.objects.filter(kind="lms.transfer_refused").exists()


def test_whom_an_officer_takes_out_wishes_for_nothing_any_more(cast, enrolment, new):
    wish = ask(enrolment, new, cast.trainee)
    withdraw(enrolment=enrolment, actor=cast.administrator, reason="长期缺课")
    assert (again(wish).state, again(wish).decided_by) == ("taken_back", cast.administrator)


def test_whoever_completes_the_course_wishes_for_nothing_any_more(cast, enrolment, new):
    wish = ask(enrolment, new, cast.trainee)
    complete_if_done(enrolment=make_learned(enrolment))
    assert again(enrolment).state == S.COMPLETED
    assert (again(wish).state, again(wish).decided_by) == ("taken_back", None)


def test_a_wish_that_was_left_open_is_offered_to_nobody_and_ends_with_the_next_check(
    client, cast, enrolment, old, new
):
    left, open_ = (
        make_transfer(row, new)
        for row in (
            make_enrolment(old, cast.other_trainee.person, S.WITHDRAWN),
            enrolment,
        )
    )
    client.force_login(cast.administrator)
    page = client.get(reverse("transfers:cohort", args=[new.pk])).content.decode()
    assert reverse("transfers:grant", args=[open_.pk]) in page
    assert reverse("transfers:grant", args=[left.pk]) not in page
    assert public.reconcile() == [f"transfer {left.pk}: ended"]
    assert (again(left).state, again(open_).state) == ("taken_back", "asked")
    assert public.reconcile() == []
