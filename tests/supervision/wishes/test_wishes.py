"""One of a pair asks for a change, a pause or an end; it is answered once, and done with the answer."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry, Notice, User
from core.states import IllegalMove
from supervision.models import Handover, Pairing, PairWish, Pause
from supervision.pairings.actions import NotPossible, end_pairing, pause_pairing, resume_pairing
from supervision.wishes.actions import accept_wish, ask_for_change, decline_wish, withdraw_wish
from tests.factories import give_role, make_handover, make_supervisor, make_user, make_wish

CANARY = "金丝雀说督导总不来"


def text(response):
    return response.content.decode()


@pytest.fixture
def other(tree):
    return make_supervisor(make_user("后来人", tree["agency"]), tree["agency"], capacity=1)


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


def ask(pair, by, kind="change", **more):
    return ask_for_change(pairing=pair.pairing, actor=by, kind=kind, reason=CANARY, **more)


def test_what_is_asked_for_is_told_to_the_other_and_the_officers_without_the_reason(pair, cast):
    ask(pair, cast.trainee)
    told = set(Notice.objects.values_list("user", flat=True))
    assert cast.supervisor.pk in told and cast.administrator.pk in told and cast.trainee.pk not in told
    assert CANARY not in str(list(Notice.objects.values())) + str(list(AuditEntry.objects.values()))


def test_the_reason_is_read_by_who_asked_and_who_decides_alone(client, pair, cast):
    wish = ask(pair, cast.trainee)
    desk = reverse("pair_wishes:inspect", args=[wish.pk])
    for user, address, seen in (
        (cast.trainee, wish.get_absolute_url(), True),
        (cast.supervisor, wish.get_absolute_url(), False),
        (cast.administrator, desk, True),
        (cast.auditor, desk, False),
    ):
        client.force_login(user)
        response = client.get(address)
        assert response.status_code == 200
        assert (CANARY in text(response)) == seen
    client.force_login(cast.outsider)
    assert client.get(wish.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("part", ["supervisor", "trainee", "outsider"])
def test_nobody_reads_the_reason_by_being_a_superuser_alone(client, pair, cast, part):
    wish = ask(pair, cast.trainee)
    user = getattr(cast, part)
    user.is_superuser = True
    user.save()
    client.force_login(user)
    response = client.get(reverse("pair_wishes:inspect", args=[wish.pk]))
    assert response.status_code == 200
    assert CANARY not in text(response)


def test_a_superuser_who_administers_the_mentees_side_reads_it_as_administrator(client, pair, cast):
    wish = ask(pair, cast.trainee)
    cast.administrator.is_superuser = True
    cast.administrator.save()
    client.force_login(cast.administrator)
    assert CANARY in text(client.get(reverse("pair_wishes:inspect", args=[wish.pk])))


@pytest.mark.parametrize("part", ["supervisor", "trainee"])
def test_no_officer_decides_whom_one_of_the_two_has_let_in(pair, cast, tree, part):
    give_role(getattr(cast, part), "administrator", tree["district"])
    helper = make_user("被引入者", tree["district"])
    give_role(helper, "administrator", tree["district"], granted_by=getattr(cast, part))
    wish = ask(pair, cast.supervisor, "pause")
    with pytest.raises(NotPossible, match="另一位管理员"):
        accept_wish(wish=wish, actor=helper, answer="同意")
    with pytest.raises(NotPossible, match="另一位管理员"):
        decline_wish(wish=wish, actor=helper, answer="不同意")
    assert PairWish.objects.get().state == "open"


def test_a_granted_change_ends_the_pairing_begins_the_new_one_and_asks_for_a_handover(pair, cast, other):
    wish = accept_wish(wish=ask(pair, cast.trainee), actor=cast.administrator, answer="时间调整", to=other)
    pair.pairing.refresh_from_db()
    assert (pair.pairing.state, pair.pairing.reason) == ("ended", "时间调整")
    assert wish.new_pairing.supervisor == other and wish.new_pairing.mentee == pair.mentee
    asked = Notice.objects.get(user=cast.supervisor, source__endswith=":handover")
    assert asked.url == reverse("supervision:handover-write", args=[pair.pairing.pk])


def test_the_database_keeps_what_was_answered(pair, cast, other):
    wish = ask(pair, cast.trainee)
    rows = PairWish.objects.filter(pk=wish.pk)
    assert rows.update(until=None, reason="说清楚些") == 1
    new = accept_wish(wish=wish, actor=cast.administrator, answer="时间调整", to=other).new_pairing
    for act in (
        lambda: rows.update(answer="改了"),
        lambda: rows.update(reason="改了"),
        lambda: rows.update(state="declined", new_pairing=None),
        lambda: rows.update(new_pairing=None),
        lambda: rows.update(answered_by=cast.city_administrator),
        rows.delete,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert rows.get().new_pairing == new
    assert rows.update(answered_by=None) == 1  # an account that is deleted


def test_the_handover_that_the_mentee_has_read_and_allowed_goes_to_the_new_supervisor(pair, cast, other):
    handover = make_handover(pair.pairing, written_at=timezone.now() - timedelta(days=1))
    wish = ask(pair, cast.trainee, passes_on=True)
    new = accept_wish(wish=wish, actor=cast.administrator, answer="时间调整", to=other).new_pairing
    handover.refresh_from_db()
    assert handover.released_to == new


def test_a_handover_that_was_written_anew_since_or_not_allowed_stays_with_the_mentee(pair, cast, other):
    make_handover(pair.pairing)
    wish = ask(pair, cast.trainee, passes_on=True)
    Handover.objects.update(written_at=timezone.now() + timedelta(minutes=1))
    accept_wish(wish=wish, actor=cast.administrator, answer="时间调整", to=other)
    assert Handover.objects.get().state == "written"


def test_the_supervisor_cannot_allow_it_for_the_mentee(pair, cast):
    make_handover(pair.pairing)
    assert not ask(pair, cast.supervisor, passes_on=True).passes_on


def test_without_a_free_place_nothing_of_a_change_happens_and_the_wish_still_waits(pair, cast, tree):
    full = make_supervisor(make_user("满员", tree["agency"]), tree["agency"], capacity=0)
    wish = ask(pair, cast.trainee)
    with pytest.raises(NotPossible):
        accept_wish(wish=wish, actor=cast.administrator, answer="时间调整", to=full)
    wish.refresh_from_db()
    pair.pairing.refresh_from_db()
    assert (wish.state, pair.pairing.state) == ("open", "active")


def test_a_granted_pause_rests_up_to_its_day_and_going_on_can_be_asked_for(pair, cast):
    wish = ask(pair, cast.supervisor, "pause", until=in_days(30))
    accept_wish(wish=wish, actor=cast.administrator, answer="产假", until=in_days(20))
    assert (Pause.objects.get().until, Pause.objects.get().reason) == (in_days(20), "产假")
    pair.pairing.refresh_from_db()
    assert pair.pairing.state == "paused"
    again = ask(pair, cast.trainee, "resume")
    accept_wish(wish=again, actor=cast.administrator, answer="回来了")
    pair.pairing.refresh_from_db()
    assert pair.pairing.state == "active" and Pause.objects.get().ended_at


def test_a_granted_end_ends_it_and_closes_what_the_other_had_asked_for(pair, cast):
    others = ask(pair, cast.supervisor, "pause")
    accept_wish(wish=ask(pair, cast.trainee, "end"), actor=cast.administrator, answer="目标达成")
    others.refresh_from_db()
    assert (others.state, Pairing.objects.get().state) == ("closed", "ended")


def test_declined_it_says_why_to_both_and_changes_nothing(pair, cast):
    with pytest.raises(NotPossible):
        decline_wish(wish=ask(pair, cast.trainee), actor=cast.administrator, answer=" ")
    decline_wish(wish=PairWish.objects.get(), actor=cast.administrator, answer="先调整见面时间")
    told = Notice.objects.filter(source__endswith=":answered")
    assert set(told.values_list("user", flat=True)) == {cast.trainee.pk, cast.supervisor.pk}
    assert Pairing.objects.get().state == "active"


def test_it_is_answered_once_and_never_by_one_of_the_two(pair, cast):
    wish = ask(pair, cast.trainee, "end")
    with pytest.raises(NotPossible):
        decline_wish(wish=wish, actor=cast.supervisor, answer="不同意")
    decline_wish(wish=wish, actor=cast.administrator, answer="再试一个月")
    for act in (
        lambda: accept_wish(wish=wish, actor=cast.administrator, answer="好"),
        lambda: decline_wish(wish=wish, actor=cast.administrator, answer="不"),
        lambda: withdraw_wish(wish=wish, actor=cast.trainee),
    ):
        with pytest.raises(IllegalMove):
            act()


@pytest.mark.parametrize(
    ("kind", "more"),
    [("resume", {}), ("x", {}), ("pause", {"until": timezone.localdate() - timedelta(days=2)}), ("end", {"until": timezone.localdate()})],
)  # fmt: skip
def test_what_makes_no_sense_as_it_stands_is_refused(pair, cast, kind, more):
    with pytest.raises(NotPossible):
        ask(pair, cast.trainee, kind, **more)


def test_one_wish_waits_for_each_of_the_two_and_strangers_ask_nothing(pair, cast):
    first = ask(pair, cast.trainee)
    ask(pair, cast.supervisor)
    with pytest.raises(NotPossible):
        ask(pair, cast.trainee, "end")
    with pytest.raises(NotPossible):
        ask(pair, cast.administrator)
    withdraw_wish(wish=first, actor=cast.trainee)
    ask(pair, cast.trainee, "end")


def test_an_act_of_an_officer_closes_what_it_settles(pair, cast):
    wish = make_wish(pair.pairing, kind="pause")
    pause_pairing(pairing=pair.pairing, actor=cast.administrator, reason="产假")
    wish.refresh_from_db()
    assert wish.state == "closed"
    wish = make_wish(pair.pairing, kind="resume")
    resume_pairing(pairing=pair.pairing, actor=cast.administrator)
    wish.refresh_from_db()
    assert wish.state == "closed"
    wish = make_wish(pair.pairing)
    end_pairing(pairing=pair.pairing, actor=cast.administrator, reason="离职")
    wish.refresh_from_db()
    assert wish.state == "closed"


def test_one_asks_on_the_site_and_loses_nothing_typed(client, pair, cast):
    client.force_login(cast.trainee)
    page = text(client.get(pair.pairing.get_absolute_url()))
    address = reverse("supervision:wish-ask", args=[pair.pairing.pk])
    assert address in page and client.get(address).status_code == 200
    for bad in (
        {},
        {"kind": "x\0", "reason": CANARY},
        {"kind": "pause", "until": "2020-01-01", "reason": CANARY},
        {"kind": "pause", "until": "x" * 500, "reason": CANARY},
    ):
        answer = client.post(address, bad)
        assert answer.status_code == 200
        assert bad.get("reason", "") in text(answer)
    client.post(address, {"kind": "pause", "until": in_days(9), "reason": CANARY})
    wish = PairWish.objects.get()
    assert (wish.kind, wish.until, wish.reason) == ("pause", in_days(9), CANARY)
    assert wish.get_absolute_url() in text(client.get(pair.pairing.get_absolute_url()))
    client.force_login(cast.supervisor)
    assert client.post(reverse("supervision:wish-withdraw", args=[wish.pk])).status_code == 404
    client.force_login(User.objects.create_superuser("operator@example.com"))
    assert client.post(reverse("supervision:wish-withdraw", args=[wish.pk])).status_code == 302
    wish.refresh_from_db()
    assert wish.is_open
    client.force_login(cast.trainee)
    client.post(reverse("supervision:wish-withdraw", args=[wish.pk]))
    wish.refresh_from_db()
    assert wish.state == "withdrawn"


def test_the_desk_grants_with_the_new_supervisor_and_says_what_is_missing(client, pair, cast, other):
    wish = ask(pair, cast.trainee)
    address = reverse("pair_wishes:inspect", args=[wish.pk])
    client.force_login(cast.administrator)
    for bad in ({"accept": "1"}, {"accept": "1", "answer": "好", "to": "9" * 40}, {"decline": "1"}):
        assert client.post(address, bad).status_code == 200
        wish.refresh_from_db()
        assert wish.is_open
    client.post(address, {"accept": "1", "answer": "时间调整", "to": other.pk})
    wish.refresh_from_db()
    assert wish.new_pairing.supervisor == other
    client.force_login(cast.auditor)
    assert client.post(address, {"decline": "1", "answer": "不"}).status_code == 404


def test_the_list_says_how_many_wait_and_costs_the_same_for_many(
    client, pair, cast, django_assert_max_num_queries
):
    make_wish(pair.pairing)
    client.force_login(cast.administrator)
    index = reverse("pair_wishes:index")
    assert "1" in text(client.get(index, {"state": "open"}))
    with django_assert_max_num_queries(13):
        client.get(index)
    for kind in ("end", "pause"):
        make_wish(pair.pairing, pair.supervisor.person, "declined", kind=kind)
    with django_assert_max_num_queries(13):
        client.get(index)
    assert pair.mentee.name in text(client.get(index, {"q": "SV001"}))
    assert pair.mentee.name not in text(client.get(index, {"q": "SV999"}))


def test_nobody_is_granted_who_does_not_serve_the_place_where_the_mentee_works(
    client, pair, cast, tree, other
):
    other.regions.add(tree["other_district"])
    wish = ask(pair, cast.trainee)
    client.force_login(cast.administrator)
    page = client.post(
        reverse("pair_wishes:inspect", args=[wish.pk]), {"accept": "1", "answer": "好", "to": other.pk}
    )
    assert page.context["form"].errors["to"]
    wish.refresh_from_db()
    assert wish.is_open


def test_the_desk_suggests_supervisors_and_takes_one_into_the_form(client, pair, cast, other):
    wish = ask(pair, cast.trainee)
    address = reverse("pair_wishes:inspect", args=[wish.pk])
    client.force_login(cast.administrator)
    page = client.get(address)
    assert [row.supervisor for row in page.context["suggestions"]] == [other]
    assert f"?to={other.pk}" in text(page)
    assert client.get(address, {"to": other.pk}).context["form"].initial["to"] == str(other.pk)
    for odd in ("x", "9" * 40, "\0"):
        assert client.get(address, {"to": odd}).status_code == 200
