import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import Holiday
from supervision.models import Meeting, Session, Slot, Supervisor
from supervision.slots import actions
from tests.factories import make_meeting, make_pairing, make_slot, make_supervisor, make_user

LIST = "supervision:meeting-list"
OFFER = "supervision:slot-offer"
PROPOSE = "supervision:meeting-propose"
SERIES = uuid.uuid4()


def text(response):
    return response.content.decode()


def day(days=2):
    return f"{timezone.localdate() + timedelta(days=days):%Y-%m-%d}"


def values(**more):
    fields = {"day": day(), "start": "10:00", "minutes": "60", "repeat": "once", "setting": "on_site"}
    return fields | {"place": "督导室", "skip_holidays": "on"} | more


def act(client, row, verb, **data):
    return client.post(reverse(f"supervision:meeting-{verb}", args=[row.pk]), data, follow=True)


@pytest.fixture
def workdays(db):
    Holiday.objects.all().delete()


def test_offered_booked_and_seen_by_both(client, pair, workdays):
    client.force_login(pair.supervisor.person.user)
    client.post(reverse(OFFER), values(repeat="weekly", until=day(20)))
    assert Slot.objects.count() == 3
    client.force_login(pair.mentee.user)
    slot = Slot.objects.first()
    assert slot.get_absolute_url() in text(client.get(reverse(LIST)))
    assert "督导室" in text(client.get(slot.get_absolute_url()))
    client.post(slot.get_absolute_url(), {"following": "all", "text": ""})
    assert Meeting.objects.planned().count() == 3
    row = Meeting.objects.first()
    for person in (pair.mentee, pair.supervisor.person):
        client.force_login(person.user)
        for url in (reverse(LIST), reverse("supervision:home"), pair.pairing.get_absolute_url()):
            assert row.get_absolute_url() in text(client.get(url)), url
    client.force_login(pair.mentee.user)
    assert "不可约" in text(client.get(slot.get_absolute_url()))
    assert "不可约" in text(client.post(slot.get_absolute_url()))


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": ""},
        {"day": "9999-12-31"},
        {"day": "0001-01-01"},
        {"day": "\0"},
        {"start": "25:00"},
        {"minutes": "9" * 30},
        {"setting": "\0"},
        {"place": ""},
        {"place": "x" * 500},
        {"place": "\0"},
        {"setting": "online", "place": ""},
        {"setting": "online", "link": "http://meeting.example.com"},
        {"setting": "online", "link": "javascript:alert(1)"},
        {"repeat": "weekly"},
        {"repeat": "weekly", "until": "9999-99-99"},
        {"repeat": "monthly", "until": "2020-01-01"},
        {"repeat": "hourly"},
        {"chosen": "9" * 30},
        {"chosen": "x"},
    ],
)
def test_what_cannot_be_offered_comes_back_with_the_form(client, pair, workdays, wrong):
    client.force_login(pair.supervisor.person.user)
    answer = client.post(reverse(OFFER), values(**wrong))
    assert answer.status_code == 200
    assert "slot-form" in text(answer)
    assert not Slot.objects.exists()


def test_a_wrong_link_is_said_once_and_who_meets_on_site_has_none(client, pair, workdays):
    client.force_login(pair.supervisor.person.user)
    answer = client.post(reverse(OFFER), values(setting="online", link="http://bad"))
    assert answer.context["form"].errors["link"] == ["链接必须以 https:// 开头。"]
    client.post(reverse(OFFER), values(link="https://meeting.example.com/last"))
    assert Slot.objects.get().link == ""


def test_a_holiday_is_asked_about_once_and_left_out_of_a_series(client, pair, workdays):
    second = timezone.localdate() + timedelta(days=9)
    Holiday.objects.create(name="示例节", starts_on=second, ends_on=second)
    client.force_login(pair.supervisor.person.user)
    url = reverse(OFFER)
    answer = client.post(url, values(day=day(9)))
    assert "示例节" in text(answer)
    assert not Slot.objects.exists()
    client.post(url, values(day=day(9), accepted=answer.context["form"]["accepted"].value()))
    assert Slot.objects.count() == 1
    Slot.objects.all().delete()
    told = text(client.post(url, values(repeat="weekly", until=day(17)), follow=True))
    assert Slot.objects.count() == 2
    assert f"{second.month}月{second.day}日 示例节" in told


def test_nobody_without_an_entry_offers_and_a_stranger_sees_no_slot(client, pair, cast):
    slot = make_slot(pair.supervisor)
    client.force_login(cast.outside_trainee)
    assert client.get(reverse(OFFER)).status_code == 404
    assert client.get(slot.get_absolute_url()).status_code == 404
    client.force_login(pair.mentee.user)
    assert client.post(reverse("supervision:slot-withdraw", args=[slot.pk])).status_code == 404
    client.force_login(pair.supervisor.person.user)
    assert "撤下" in text(client.get(slot.get_absolute_url()))
    assert client.post(slot.get_absolute_url()).status_code == 404
    client.post(reverse("supervision:slot-withdraw", args=[slot.pk]))
    assert not Slot.objects.free(timezone.now()).exists()


def test_proposed_declined_proposed_again_and_agreed(client, pair, workdays):
    client.force_login(pair.mentee.user)
    client.post(reverse(PROPOSE, args=[pair.pairing.pk]), values(text="想谈个案"))
    row = Meeting.objects.get()
    act(client, row, "accept")
    row.refresh_from_db()
    assert row.state == "proposed"
    client.force_login(pair.supervisor.person.user)
    assert row.get_absolute_url() in text(client.get(reverse(LIST)))
    assert act(client, row, "decline", reason="").status_code == 422
    shown = act(client, row, "decline", reason="那天出差")
    assert "那天出差" in text(shown)
    again = reverse(PROPOSE, args=[pair.pairing.pk]) + f"?again={row.pk}"
    assert again in text(shown)
    client.post(again, values(day=day(3)))
    second = Meeting.objects.get(follows=row)
    client.force_login(pair.mentee.user)
    assert "想谈个案" in text(client.get(second.get_absolute_url()))
    assert "双方的日程" in text(act(client, second, "accept"))
    assert "已经" in text(act(client, second, "accept"))


def test_a_proposal_is_answered_with_another_time_or_withdrawn(client, pair, workdays):
    row = make_meeting(pair.pairing, "proposed")
    client.force_login(pair.mentee.user)
    url = reverse("supervision:meeting-answer", args=[row.pk])
    assert client.get(url).status_code == 200
    client.post(url, values(day=day(4)))
    second = Meeting.objects.get(follows=row)
    assert client.get(url).status_code == 302
    act(client, second, "withdraw")
    second.refresh_from_db()
    assert second.state == "withdrawn"


def test_moved_by_a_proposal_or_to_a_free_slot(client, pair, workdays):
    row, slot = make_meeting(pair.pairing), make_slot(pair.supervisor, days=6)
    client.force_login(pair.mentee.user)
    url = reverse("supervision:meeting-move", args=[row.pk])
    page = text(client.get(url))
    assert f"{slot.get_absolute_url()}?instead={row.pk}" in page
    assert client.post(url, values(day=day(5))).status_code == 200
    client.post(url, values(day=day(5), text="走访改期"))
    asked = Meeting.objects.get(moves=row)
    assert asked.get_absolute_url() in text(client.get(row.get_absolute_url()))
    done = client.post(f"{slot.get_absolute_url()}?instead={row.pk}", follow=True)
    assert "已改到这个时间" in text(done)
    row.refresh_from_db()
    assert row.state == "moved"
    client.force_login(pair.supervisor.person.user)
    assert "逾期" in text(client.get(asked.get_absolute_url()))


def test_a_clash_is_said_at_the_time(client, pair, tree, workdays):
    elsewhere = make_supervisor(make_user("诸葛清", tree["station"]), tree["station"])
    make_meeting(make_pairing(elsewhere, pair.mentee), hour=10)
    client.force_login(pair.supervisor.person.user)
    answer = text(client.post(reverse(PROPOSE, args=[pair.pairing.pk]), values()))
    assert "没有空" in answer
    assert "诸葛清" not in answer


def test_cancelled_with_a_reason_which_the_desk_does_not_read(client, pair, cast):
    row = make_meeting(pair.pairing)
    client.force_login(pair.mentee.user)
    assert act(client, row, "cancel", reason="").status_code == 422
    assert "孩子生病" in text(act(client, row, "cancel", reason="孩子生病"))
    for stranger in (cast.administrator, cast.outside_trainee):
        client.force_login(stranger)
        assert client.get(row.get_absolute_url()).status_code == 404


def test_recorded_from_the_meeting_with_what_is_known(client, pair):
    row = make_meeting(pair.pairing, days=-1, place="三楼会谈室")
    client.force_login(pair.supervisor.person.user)
    assert row.get_absolute_url() in text(client.get(reverse(LIST)))
    url = reverse("supervision:session-log", args=[pair.pairing.pk]) + f"?meeting={row.pk}"
    assert f"?meeting={row.pk}" in text(client.get(row.get_absolute_url()))
    form = client.get(url).context["form"]
    assert form["place"].value() == "三楼会谈室"
    sent = {name: form[name].value() for name in ("key", "meeting", "mode", "setting", "place")}
    sent |= {"day": f"{row.day:%Y-%m-%d}", "start": "10:00", "end": "11:10"}
    client.post(url, sent | {"functions": ["educational"], "topics": "接案"})
    row.refresh_from_db()
    assert row.session == Session.objects.get()
    assert row.session.get_absolute_url() in text(client.get(row.get_absolute_url()))


@pytest.mark.parametrize("asked", ["x", "\0", "9" * 40, "-1", "²"])
def test_a_meeting_that_makes_no_sense_opens_the_usual_form(client, pair, asked):
    client.force_login(pair.supervisor.person.user)
    for url in ("supervision:session-log", PROPOSE):
        address = reverse(url, args=[pair.pairing.pk])
        assert client.get(address, {"meeting": asked, "again": asked}).status_code == 200
    answer = client.post(
        reverse("supervision:session-log", args=[pair.pairing.pk]), {"meeting": asked, "day": "x"}
    )
    assert answer.status_code == 200


def test_not_held_is_said_by_the_supervisor_alone(client, pair):
    row = make_meeting(pair.pairing, days=-1)
    client.force_login(pair.mentee.user)
    assert act(client, row, "missed", reason="没来").status_code == 404
    client.force_login(pair.supervisor.person.user)
    assert "另约" in text(act(client, row, "missed", reason="双方没空"))


def test_the_place_is_changed(client, pair):
    row = make_meeting(pair.pairing)
    client.force_login(pair.mentee.user)
    url = reverse("supervision:meeting-place", args=[row.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"setting": "online", "link": "ftp://x"}).status_code == 200
    client.post(url, {"setting": "online", "link": "https://meeting.example.com/7"})
    assert "meeting.example.com/7" in text(client.get(row.get_absolute_url()))


def test_an_empty_calendar_teaches(client, pair, cast):
    for user in (pair.mentee.user, pair.supervisor.person.user, cast.outside_trainee):
        client.force_login(user)
        assert "还没有约定" in text(client.get(reverse(LIST))) or "没有督导结对" in text(
            client.get(reverse(LIST))
        )
        assert "还没有过去" in text(client.get(reverse(LIST), {"show": "past", "page": "x"}))


def test_a_series_in_the_calendar_is_answered_as_one_row(client, pair):
    made = actions.propose_meeting(
        pairing=pair.pairing,
        actor=pair.supervisor.person.user,
        plans=[make_slot(pair.supervisor, days=days).plan for days in (2, 9, 16)],
    )
    client.force_login(pair.mentee.user)
    page = text(client.get(reverse(LIST)))
    assert made.get_absolute_url() in page
    assert "共 3 次" in page
    act(client, made, "accept")
    assert "以后的各次" in text(client.get(made.get_absolute_url()))


@pytest.mark.parametrize("many", [1, 12])
def test_the_calendar_costs_the_same_however_much_is_planned(
    client, pair, tree, django_assert_max_num_queries, many
):
    Supervisor.objects.update(capacity=50)
    for number in range(many):
        other = make_pairing(pair.supervisor, make_user("林一", tree["station"]).person)
        make_meeting(other, days=3 + number)
        make_meeting(other, "proposed", days=40 + number)
        make_meeting(other, days=-1 - number)
        make_slot(pair.supervisor, days=60 + number, chosen=[other])
    client.force_login(pair.supervisor.person.user)
    client.get(reverse(LIST))
    with django_assert_max_num_queries(16):
        client.get(reverse(LIST))
    with django_assert_max_num_queries(12):
        client.get(reverse(LIST), {"show": "past"})


def test_what_is_in_the_way_is_said_before_one_agrees(client, pair):
    rows = [make_meeting(pair.pairing, "proposed", days=days, series=SERIES) for days in (2, 9)]
    make_meeting(pair.pairing, days=9)
    client.force_login(pair.mentee.user)
    page = text(client.get(rows[0].get_absolute_url()))
    assert "时间不能重叠" in page
    act(client, rows[0], "accept", skip="clashes")
    assert [Meeting.objects.get(pk=row.pk).state for row in rows] == ["planned", "declined"]


def test_the_list_says_for_whom_a_slot_is_and_what_is_overdue(client, pair):
    make_slot(pair.supervisor, chosen=[pair.pairing])
    make_meeting(pair.pairing, days=-5)
    client.force_login(pair.supervisor.person.user)
    page = text(client.get(reverse(LIST)))
    assert "只开放给" in page
    assert "逾期未记录" in page
