from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.models import AuditEntry, Notice
from core.states import IllegalMove
from supervision.models import Pairing, PairingRequest
from supervision.pairings.actions import NotPossible, create_pairing, end_pairing
from supervision.requests.actions import (
    accept_request,
    ask_supervisor,
    decline_request,
    watch_requests,
    withdraw_request,
)
from supervision.supervisors.actions import Offer, change_supervisor
from tests.factories import (
    give_role,
    make_organisation,
    make_pairing,
    make_request,
    make_supervisor,
    make_user,
)


def ask(supervisor, user, **more):
    return ask_supervisor(
        supervisor=supervisor, mentee=user.person, actor=user, **{"goal": "独立完成一个个案"} | more
    )


def accept(request, cast):
    return accept_request(request=request, actor=request.supervisor.person.user)


def states(*requests):
    for row in requests:
        row.refresh_from_db()
    return [row.state for row in requests]


@pytest.fixture
def supervisor(tree, cast):
    return make_supervisor(cast.supervisor, tree["agency"], capacity=1)


def test_asked_with_a_goal_and_accepted_the_two_are_paired_from_the_wished_day(supervisor, cast, tree):
    later = timezone.localdate() + timedelta(days=9)
    asked = ask(supervisor, cast.trainee, starts_on=later)
    assert (asked.state, asked.organisation) == ("open", tree["station"])
    assert Notice.objects.filter(user=cast.supervisor, kind="supervision.request").count() == 1
    pairing = accept(asked, cast)
    supervisor.refresh_from_db()
    assert (pairing.goal, pairing.starts_on, supervisor.load) == ("独立完成一个个案", later, 1)
    assert states(asked) == ["accepted"]
    assert asked.pairing == pairing
    acts = set(AuditEntry.objects.values_list("action", flat=True))
    assert {
        "supervision.ask_supervisor",
        "supervision.accept_request",
        "supervision.create_pairing",
    } <= acts
    assert not Notice.objects.filter(user=cast.supervisor, kind="supervision.request").unread().exists()


def test_a_request_needs_a_goal(supervisor, cast):
    with pytest.raises(NotPossible):
        ask(supervisor, cast.trainee, goal=" ")


def test_one_asks_a_supervisor_once(supervisor, cast):
    ask(supervisor, cast.trainee)
    with pytest.raises(NotPossible):
        ask(supervisor, cast.trainee)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_request(supervisor, cast.trainee.person)


def test_three_requests_are_the_most(cast, tree):
    for _ in range(3):
        ask(make_supervisor(organisation=tree["agency"]), cast.trainee)
    with pytest.raises(NotPossible):
        ask(make_supervisor(organisation=tree["agency"]), cast.trainee)


def test_a_supervisor_of_another_province_is_not_asked(cast):
    far = make_organisation("邻省社工机构", make_organisation("邻省民政厅", tier="province", kind="bureau"))
    with pytest.raises(NotPossible):
        ask(make_supervisor(organisation=far), cast.trainee)


def test_one_s_own_administrator_is_not_asked_and_the_other_district_s_is(cast, tree):
    leader = make_supervisor(cast.administrator, tree["district"])
    with pytest.raises(NotPossible):
        ask(leader, cast.trainee)
    elsewhere = make_supervisor(cast.outsider, tree["other_district"])
    assert ask(elsewhere, cast.trainee).state == "open"


def test_nobody_asks_themselves(supervisor, cast):
    with pytest.raises(NotPossible):
        ask(supervisor, cast.supervisor)


def test_an_administrator_still_never_pairs_themselves(supervisor, cast):
    give_role(cast.supervisor, "administrator", supervisor.organisation)
    with pytest.raises(NotPossible):
        create_pairing(supervisor=supervisor, mentee=cast.trainee.person, actor=cast.supervisor)


def test_declined_with_a_reason_that_only_the_two_read(supervisor, cast):
    asked = ask(supervisor, cast.trainee)
    with pytest.raises(NotPossible):
        decline_request(request=asked, actor=cast.supervisor, reason=" ")
    decline_request(request=asked, actor=cast.supervisor, reason="先找熟悉禁毒的督导")
    assert states(asked) == ["declined"]
    assert asked.reason == "先找熟悉禁毒的督导"
    entry = AuditEntry.objects.get(action="supervision.decline_request")
    assert "禁毒" not in f"{entry.data}"
    with pytest.raises(IllegalMove):
        withdraw_request(request=asked, actor=cast.trainee)


def test_nobody_asks_answers_or_takes_back_for_somebody_else(supervisor, cast):
    asked, officer = ask(supervisor, cast.trainee), cast.administrator
    for act in (
        lambda: ask_supervisor(
            supervisor=supervisor, mentee=cast.other_trainee.person, actor=officer, goal="个案"
        ),
        lambda: accept_request(request=asked, actor=cast.trainee),
        lambda: accept_request(request=asked, actor=officer),
        lambda: decline_request(request=asked, actor=cast.other_trainee, reason="无"),
        lambda: withdraw_request(request=asked, actor=cast.supervisor),
    ):
        with pytest.raises(NotPossible, match="另一方"):
            act()
    assert states(asked) == ["open"]
    assert PairingRequest.objects.get() == asked


def test_accepted_the_other_requests_end_and_their_kept_place_is_offered_to_the_next(supervisor, cast, tree):
    other = make_supervisor(make_user("顾岩", tree["agency"]), tree["agency"], capacity=1)
    busy = make_pairing(other, make_user("何一", tree["station"]).person)
    mine, next_one = ask(other, cast.trainee), ask(other, cast.other_trainee)
    end_pairing(pairing=busy, actor=cast.administrator, reason="目标达成")
    assert states(mine, next_one) == ["open", "waiting"]
    accept(ask(supervisor, cast.trainee), cast)
    assert states(mine, next_one) == ["closed", "open"]
    assert Notice.objects.filter(source=f"supervision.request:{mine.pk}:closed").count() == 2


def test_with_the_last_place_taken_the_others_stand_in_line_in_their_order(supervisor, cast, tree):
    first, second = ask(supervisor, cast.trainee), ask(supervisor, cast.other_trainee)
    pairing = accept(second, cast)
    assert states(first, second) == ["waiting", "accepted"]
    with pytest.raises(NotPossible, match="林小荷"):
        accept(first, cast)
    third = ask(supervisor, make_user("何一", tree["station"]))
    assert third.state == "waiting"
    end_pairing(pairing=pairing, actor=cast.administrator, reason="目标达成")
    assert states(first, third) == ["open", "waiting"]
    assert first.is_offered
    assert accept(first, cast).mentee == cast.trainee.person
    assert states(third) == ["waiting"]


def test_no_newcomer_passes_whoever_was_offered_the_freed_place(supervisor, cast, tree):
    pairing = make_pairing(supervisor, make_user("何一", tree["station"]).person)
    first = ask(supervisor, cast.trainee)
    end_pairing(pairing=pairing, actor=cast.administrator, reason="目标达成")
    newcomer = ask(supervisor, cast.other_trainee)
    assert states(first, newcomer) == ["open", "waiting"]
    with pytest.raises(NotPossible):
        accept(newcomer, cast)
    withdraw_request(request=first, actor=cast.trainee)
    assert states(first, newcomer) == ["withdrawn", "open"]


def test_more_places_are_offered_to_as_many_as_wait_first(supervisor, cast, tree):
    make_pairing(supervisor, make_user("何一", tree["station"]).person)
    rows = [ask(supervisor, make_user(name, tree["station"])) for name in ("林一", "林二", "林三")]
    change_supervisor(
        supervisor=supervisor, actor=cast.administrator, capacity=3, offer=Offer(), is_active=True, fields=[]
    )
    assert states(*rows) == ["open", "open", "waiting"]


def test_who_takes_nobody_is_offered_nobody_until_that_changes(supervisor, cast, tree):
    pairing = make_pairing(supervisor, make_user("何一", tree["station"]).person)
    row = ask(supervisor, cast.trainee)
    change = {"supervisor": supervisor, "actor": cast.administrator, "offer": Offer(), "fields": []}
    change_supervisor(**change, capacity=1, is_active=False)
    end_pairing(pairing=pairing, actor=cast.administrator, reason="目标达成")
    assert states(row) == ["waiting"]
    change_supervisor(**change, capacity=1, is_active=True)
    assert states(row) == ["open"]


def test_paired_by_an_administrator_the_request_to_the_same_supervisor_ends(supervisor, cast):
    row = ask(supervisor, cast.trainee)
    create_pairing(supervisor=supervisor, mentee=cast.trainee.person, actor=cast.administrator)
    assert states(row) == ["closed"]


def test_unanswered_it_is_told_once_after_14_days_and_lapses_after_30(supervisor, cast):
    row, second = ask(supervisor, cast.trainee), ask(supervisor, cast.other_trainee)

    def wait(days):
        PairingRequest.objects.update(open_since=timezone.now() - timedelta(days=days, minutes=1))
        return watch_requests()

    told = Notice.objects.filter(user=cast.supervisor, source__contains=":reminded:")
    assert (wait(13), told.count()) == (0, 0)
    assert (wait(14), wait(20), told.count()) == (0, 0, 2)
    assert wait(30) == 2
    assert states(row, second) == ["lapsed", "lapsed"]
    assert watch_requests() == 0
    assert Notice.objects.filter(user=cast.trainee, source__endswith=":lapsed").count() == 1


def test_who_waits_in_line_does_not_lapse(supervisor, cast, tree):
    make_pairing(supervisor, make_user("何一", tree["station"]).person)
    row = ask(supervisor, cast.trainee)
    PairingRequest.objects.update(asked_at=timezone.now() - timedelta(days=300))
    assert watch_requests() == 0
    assert states(row) == ["waiting"]
    assert Pairing.objects.count() == 1
