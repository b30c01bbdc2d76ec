"""Who is full, who is idle, and how districts and fields are covered."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry
from supervision.models import SupervisionNorm, Supervisor
from supervision.supervisors import actions
from supervision.supervisors.actions import SupervisorRefused
from supervision.supervisors.policy import Coverage, Seat, by_both, by_district, by_field, outermost
from supervision.supervisors.queries import load_of, norm_for, people_to_cover
from tests.factories import (
    ServiceFieldFactory,
    make_meeting,
    make_pairing,
    make_session,
    make_supervisor,
    make_user,
)


def seat(serves, load=0, capacity=5, fields=(), at=""):
    return Seat(load, capacity, tuple(serves), tuple(fields), at)


def test_a_district_is_served_from_above_and_not_from_below_or_beside():
    seats = [
        seat(["0001"], at="00010009"),
        seat(["00010001"], 5, at="00010001"),
        seat(["000100010002"], 1),
        seat(["00010002"]),
    ]
    found = by_district(seats, {"00010001": "甲区", "00010003": "乙区"}, {"000100010002": 9, "00010002": 4})
    assert found == [Coverage("甲区", 2, 5, 9, 1), Coverage("乙区", 1, 5, 0, 0)]
    assert found[0].is_short(4)
    assert not found[0].is_short(5)


def test_the_districts_in_need_come_first_and_the_chart_stays_short(client, cast, tree, monkeypatch):
    few, more, none = Coverage("甲", 10, 0, 20), Coverage("乙", 10, 0, 30), Coverage("丙", 0, 0, 1)
    nobody = Coverage("丁", 0, 0, 0)
    assert sorted([few, nobody, more, none], key=lambda row: row.need) == [nobody, few, more, none]
    monkeypatch.setattr("supervision.supervisors.viewsets.overview.DRAWN", 0)
    client.force_login(cast.administrator)
    page = client.get(reverse("supervisors:load"))
    assert page.context["district_bars"] == [] and page.context["undrawn"] == len(page.context["districts"])


def test_each_field_of_a_district_counts_who_serves_the_district_in_it():
    seats = [seat(["0001"], fields=["养老"]), seat(["00010001"], 5, fields=["养老", "禁毒"])]
    found = dict(by_both(seats, {"00010001": "甲区", "00010002": "乙区"}, ["养老", "禁毒"]))
    assert [(cell.supervisors, cell.free) for cell in found["甲区"]] == [(2, 5), (1, 0)]
    assert [(cell.supervisors, cell.free) for cell in found["乙区"]] == [(1, 5), (0, 0)]


def test_a_field_that_nobody_has_is_shown_with_none():
    assert by_field([seat(["0001"], fields=["养老"])], ["养老", "禁毒"]) == [
        Coverage("养老", 1, 5),
        Coverage("禁毒", 0, 0),
    ]


def test_a_district_within_a_district_is_no_second_one():
    assert outermost(["00010002", "0001000200A1", "00010001"]) == ["00010001", "00010002"]


def test_the_nearest_norm_that_has_begun_holds(tree, cast):
    today = timezone.localdate()
    path = tree["district"].path
    assert norm_for([path], today)[0] == 5
    for place, workers, day in (
        ("city", 8, date(2024, 1, 1)),
        ("district", 6, date(2024, 1, 1)),
        ("district", 4, date(2025, 1, 1)),
        ("district", 3, today + timedelta(days=1)),
        ("other_district", 2, date(2024, 1, 1)),
    ):
        SupervisionNorm.objects.create(
            organisation=tree[place], workers=workers, starts_on=day, source="通知"
        )
    assert norm_for([path], today)[0] == 4
    assert norm_for([tree["city"].path], today)[0] == 8


def test_who_is_full_and_who_is_idle(tree, cast):
    full = make_supervisor(cast.supervisor, tree["agency"], capacity=1)
    make_pairing(full, cast.trainee.person)
    idle = make_supervisor(organisation=tree["district"])
    make_supervisor(organisation=tree["other_station"])
    found = load_of(cast.administrator)
    assert ([row.pk for row in found.full], [row.pk for row in found.idle]) == ([full.pk], [idle.pk])
    assert found.supervisors == 2
    assert found.missing == max(-(-found.workers // 5) - 2, 0)


def test_neither_supervisors_nor_the_desk_are_people_to_be_covered(tree, cast):
    before = load_of(cast.administrator).workers
    make_supervisor(cast.other_trainee, tree["agency"])
    assert load_of(cast.administrator).workers == before - 1
    assert {person.user for person in people_to_cover()} == {
        cast.trainee,
        cast.supervisor,
        cast.instructor,
        cast.outside_trainee,
    }


def test_whoever_has_no_employer_is_counted_in_the_whole_and_in_no_district(tree, cast, django_user_model):
    root = django_user_model.objects.create_superuser("root@example.com", "secret")
    before = load_of(root)
    cast.trainee.person.employer = None
    cast.trainee.person.save()
    found = load_of(root)
    assert found.workers == before.workers
    counted = [sum(row.workers for row in page.districts) for page in (before, found)]
    assert counted[0] == counted[1] + 1


def test_who_serves_a_district_is_counted_there_wherever_they_work(tree, cast):
    supervisor = make_supervisor(cast.supervisor, tree["agency"])
    names = {place: tree[place].name for place in ("district", "other_district")}

    def counted(user):
        return {row.label: (row.supervisors, row.own) for row in load_of(user).districts}

    assert counted(cast.city_administrator) == {names["district"]: (1, 1), names["other_district"]: (1, 0)}
    supervisor.regions.add(tree["other_district"])
    assert counted(cast.city_administrator) == {names["district"]: (0, 0), names["other_district"]: (1, 0)}
    assert counted(cast.outsider) == {names["other_district"]: (1, 0)}


def test_a_month_is_full_by_what_is_held_and_what_is_planned(tree, cast, client):
    supervisor = make_supervisor(cast.supervisor, tree["agency"], monthly_minutes=120)
    pairing = make_pairing(supervisor, cast.trainee.person)
    now = timezone.localtime()

    def month():
        return Supervisor.objects.with_month().get()

    make_session(pairing, days_ago=now.day + 40)  # of another month
    assert (month().month_minutes, month().is_month_full) == (0, False)
    soon = now.replace(day=15, hour=10, minute=0)
    make_meeting(pairing, starts_at=soon, ends_at=soon + timedelta(minutes=60))
    assert (month().month_minutes, month().is_month_full) == (60, False)
    with time_machine.travel(now.replace(day=20, hour=12)):
        make_session(pairing, days_ago=1)
        assert (month().month_minutes, month().is_month_full) == (120, True)
        assert load_of(cast.administrator).month_full == [supervisor]
        client.force_login(cast.administrator)
        assert "120/120" in client.get(reverse("supervisors:load")).content.decode()
        for wish, number in (({"month": "full"}, 1), ({"month": "x"}, 0)):
            found = client.get(reverse("supervisors:index"), wish)
            assert len(found.context["object_list"]) >= number


@pytest.mark.parametrize("part", ["administrator", "city_administrator", "auditor"])
def test_the_overview_costs_the_same_for_one_and_for_many(tree, cast, part):
    user = getattr(cast, part)
    make_supervisor(cast.supervisor, tree["agency"]).fields.add(ServiceFieldFactory())

    def cost():
        user.__dict__.pop("_scope", None)
        with CaptureQueriesContext(connection) as asked:
            load_of(user)
        return len(asked)

    first = cost()
    assert first <= 9
    for number in range(5):
        more = make_supervisor(make_user(f"尉迟{number}", tree["agency"]), tree["agency"])
        more.fields.add(ServiceFieldFactory())
        more.regions.add(tree["other_district"])
    assert cost() <= first + 0


def test_the_norm_is_set_on_the_page_by_administrators_alone(client, tree, cast):
    url = reverse("supervisors:load")
    make_supervisor(cast.supervisor, tree["agency"])
    client.force_login(cast.administrator)
    typed = {
        "organisation": tree["district"].pk,
        "workers": "6",
        "starts_on": "2025-01-01",
        "source": "区实施方案",
    }
    for wrong in (
        {"workers": "0"},
        {"workers": "9" * 20},
        {"organisation": tree["city"].pk},
        {"source": "\0"},
        {"starts_on": "x"},
    ):
        assert client.post(url, typed | wrong).status_code == 200
    assert client.post(url, typed).status_code == 302
    assert client.post(url, typed).status_code == 200  # begins on that day already
    text = client.get(url).content.decode()
    assert "1 : 6" in text
    assert "区实施方案" in text
    assert AuditEntry.objects.filter(action="supervision.set_norm").count() == 1
    client.force_login(cast.auditor)
    assert client.get(url).status_code == 200
    assert client.post(url, typed).status_code == 404
    for part in ("finance", "instructor", "trainee"):
        client.force_login(getattr(cast, part))
        assert client.get(url).status_code in (302, 403, 404)


def test_a_norm_begins_once_on_a_day(tree, cast):
    values = {"organisation": tree["district"], "workers": 5, "starts_on": date(2025, 1, 1), "source": "通知"}
    actions.set_norm(actor=cast.administrator, **values)
    with pytest.raises(SupervisorRefused):
        actions.set_norm(actor=cast.administrator, **values)
