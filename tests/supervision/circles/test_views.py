import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from supervision.circles.document import Line, ListFacts, render
from supervision.models import Circle, CircleMember, Gathering
from tests.factories import make_circle, make_gathering, make_part
from tests.supervision.circles.conftest import record
from tests.supervision.conftest import moment

MARKER = "金丝雀暗号canary9917"


def text(response):
    return response.content.decode()


def log_values(group, **more):
    day = moment(1, 9)
    values = {"day": f"{day:%Y-%m-%d}", "start": "09:00", "end": "10:30", "key": str(uuid.uuid4())}
    values |= {"mode": "accompanying", "setting": "on_site", "functions": ["educational"], "topics": "转介"}
    return values | {f"came_{group.people[0].pk}": "on"} | more


def plan_values(**more):
    day = moment(-3, 9)
    values = {"day": f"{day:%Y-%m-%d}", "start": "14:00", "end": "15:30", "key": str(uuid.uuid4())}
    return values | {"setting": "online", "subject": "家暴个案", "link": "https://meet.example.com/1"} | more


def test_a_trainee_finds_a_circle_asks_is_let_in_and_sees_the_plan(client, group, cast):
    client.force_login(cast.outside_trainee)
    assert group.circle.name in text(client.get(reverse("supervision:circle-find")))
    client.post(reverse("supervision:circle-join", args=[group.circle.pk]))
    member = CircleMember.objects.get(person=cast.outside_trainee.person)
    assert client.post(reverse("supervision:member-accept", args=[member.pk])).status_code == 404
    client.force_login(cast.supervisor)
    assert "华清" in text(client.get(group.circle.get_absolute_url()))
    client.post(reverse("supervision:member-accept", args=[member.pk]))
    client.post(reverse("supervision:gathering-plan", args=[group.circle.pk]), plan_values())
    gathering = Gathering.objects.get()
    client.force_login(cast.outside_trainee)
    assert gathering.get_absolute_url() in text(client.get(reverse("supervision:home")))
    page = text(client.get(gathering.get_absolute_url()))
    assert "https://meet.example.com/1" in page
    assert "家暴个案" in page


def test_recorded_on_a_phone_confirmed_and_counted(client, group, cast):
    client.force_login(cast.supervisor)
    url = reverse("supervision:gathering-record", args=[group.circle.pk])
    assert "林小荷" in text(client.get(url))
    client.post(url, log_values(group))
    held = Gathering.objects.get()
    assert [(part.person, part.minutes) for part in held.parts.all()] == [(group.people[0], 90)]
    client.force_login(cast.trainee)
    assert held.get_absolute_url() in text(client.get(reverse("supervision:circle-list")))
    page = text(client.get(held.get_absolute_url()))
    assert "转介" in page
    part = held.parts.get()
    client.post(reverse("supervision:part-confirm", args=[part.pk]), {"revision": part.revision})
    part.refresh_from_db()
    assert part.state == "confirmed"
    assert group.circle.name in text(client.get(reverse("credentials:hours-list")))
    (entry,) = cast.trainee.person.hours.all()
    assert group.circle.name in text(client.get(reverse("credentials:hours-evidence", args=[entry.pk])))


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": "2026-02-31"},
        {"day": "9999-01-01"},
        {"start": "25:00"},
        {"end": "08:00"},
        {"functions": ["x"]},
        {"functions": []},
        {"topics": ""},
        {"topics": "\0"},
        {"topics": "电话 13800138000"},
        {"mode": "x" * 9999},
        {"key": "\0"},
        {"revision": "9" * 40},
    ],
)
def test_what_cannot_be_understood_is_said_and_nothing_typed_is_lost(client, group, cast, wrong):
    client.force_login(cast.supervisor)
    url = reverse("supervision:gathering-record", args=[group.circle.pk])
    values = log_values(group, follow_up="下周继续") | wrong
    response = client.post(url, values)
    assert response.status_code == 200
    assert "下周继续" in text(response)
    assert not Gathering.objects.exists()


def test_a_form_that_goes_back_and_is_sent_with_another_gathering_says_so_and_then_records_it(
    client, group, cast
):
    client.force_login(cast.supervisor)
    url = reverse("supervision:gathering-record", args=[group.circle.pk])
    values = log_values(group, key=str(uuid.uuid4()))
    client.post(url, values)
    assert client.post(url, values).status_code == 302
    other = values | {"start": "14:00", "end": "15:00", "topics": "另一次"}
    refused = client.post(url, other)
    assert (refused.status_code, Gathering.objects.count()) == (200, 1)
    assert "内容与现在不同" in text(refused)
    again = client.post(url, other | {"key": refused.context["form"]["key"].value()})
    assert (again.status_code, Gathering.objects.count()) == (302, 2)


def test_a_gathering_past_midnight_is_planned_and_recorded_as_one(client, group, cast):
    client.force_login(cast.supervisor)
    plan = client.post(
        reverse("supervision:gathering-plan", args=[group.circle.pk]), plan_values(start="23:00", end="00:30")
    )
    day = f"{moment(2, 9):%Y-%m-%d}"
    record = client.post(
        reverse("supervision:gathering-record", args=[group.circle.pk]),
        log_values(group, day=day, start="23:00", end="00:30"),
    )
    assert (plan.status_code, record.status_code) == (302, 302)
    assert list(Gathering.objects.values_list("minutes", flat=True)) == [90, 90]


def test_minutes_beyond_the_whole_are_said_at_their_field(client, group, cast):
    client.force_login(cast.supervisor)
    url = reverse("supervision:gathering-record", args=[group.circle.pk])
    for minutes in ("91", "-1", "999999999999999999999", "x"):
        response = client.post(url, log_values(group, **{f"minutes_{group.people[0].pk}": minutes}))
        assert response.status_code == 200
        assert "field__error" in text(response)
    assert not Gathering.objects.exists()


def test_nobody_ticked_is_said(client, group, cast):
    client.force_login(cast.supervisor)
    values = log_values(group)
    del values[f"came_{group.people[0].pk}"]
    response = client.post(reverse("supervision:gathering-record", args=[group.circle.pk]), values)
    assert response.status_code == 200
    assert not Gathering.objects.exists()


@pytest.mark.parametrize(
    "link", ["http://meet.example.com", "javascript:alert(1)", "x" * 400, "https://", "\0"]
)
def test_a_link_begins_with_https(client, group, cast, link):
    client.force_login(cast.supervisor)
    url = reverse("supervision:gathering-plan", args=[group.circle.pk])
    assert client.post(url, plan_values(link=link)).status_code == 200
    assert not Gathering.objects.exists()


def test_a_plan_is_changed_and_cancelled(client, group, cast):
    client.force_login(cast.supervisor)
    client.post(reverse("supervision:gathering-plan", args=[group.circle.pk]), plan_values())
    gathering = Gathering.objects.get()
    url = reverse("supervision:gathering-change", args=[gathering.pk])
    assert client.get(url).status_code == 200
    client.post(url, plan_values(subject="改题", revision="1"))
    gathering.refresh_from_db()
    assert (gathering.subject, gathering.revision) == ("改题", 2)
    assert client.post(url, plan_values(revision="1")).status_code == 200  # an old page
    client.post(reverse("supervision:gathering-cancel", args=[gathering.pk]), {"revision": "1"})
    gathering.refresh_from_db()
    assert gathering.is_planned
    client.post(reverse("supervision:gathering-cancel", args=[gathering.pk]), {"revision": "2"})
    gathering.refresh_from_db()
    assert gathering.state == "cancelled"
    assert client.get(url).status_code == 302


def test_an_objection_is_read_answered_and_the_record_amended(client, group, held, cast):
    part = held.parts.get(person=cast.trainee.person)
    client.force_login(cast.trainee)
    url = reverse("supervision:part-dispute", args=[part.pk])
    assert client.post(url, {"reason": ""}).status_code == 422
    client.post(url, {"reason": f"{MARKER}走得早", "revision": "1"})
    client.force_login(cast.supervisor)
    assert MARKER in text(client.get(held.get_absolute_url()))
    assert MARKER in text(client.get(reverse("supervision:part-correct", args=[part.pk])))
    client.force_login(cast.other_trainee)
    assert MARKER not in text(client.get(held.get_absolute_url()))
    client.force_login(cast.supervisor)
    client.post(
        reverse("supervision:part-correct", args=[part.pk]),
        {"minutes": "60", "answer": "已改", "revision": "1"},
    )
    part.refresh_from_db()
    assert (part.minutes, part.state) == (60, "waiting")
    assert client.post(reverse("supervision:part-remove", args=[part.pk]), {"reason": ""}).status_code == 422
    amend = reverse("supervision:gathering-amend", args=[held.pk])
    assert "转介的时机" in text(client.get(amend))
    client.post(amend, log_values(group, end="10:00", revision=str(held.revision)))
    held.refresh_from_db()
    assert held.minutes == 60
    client.post(reverse("supervision:gathering-note", args=[held.pk]), {"text": "自己记"})
    assert held.notes.get().text == "自己记"


def test_a_forgotten_member_is_added_and_one_taken_out(client, group, cast):
    held = record(group, came={group.people[0].pk: 90})
    client.force_login(cast.supervisor)
    url = reverse("supervision:part-add", args=[held.pk])
    assert client.post(url, {"person": "\0", "minutes": "1"}).status_code == 422
    client.post(url, {"person": str(group.people[1].pk), "minutes": "30"})
    part = held.parts.get(person=group.people[1])
    client.post(reverse("supervision:part-remove", args=[part.pk]), {"reason": "没有来"})
    part.refresh_from_db()
    assert part.state == "removed"


def test_the_list_to_sign_is_for_who_leads_and_says_nothing_of_what_was_said(client, held, cast):
    url = reverse("supervision:gathering-list", args=[held.pk])
    for user, status in ((cast.supervisor, 200), (cast.trainee, 404), (cast.administrator, 404)):
        client.force_login(user)
        response = client.get(url)
        assert response.status_code == status
    client.force_login(cast.supervisor)
    assert client.get(url).content.startswith(b"%PDF")


def test_a_list_goes_on_over_pages():
    lines = tuple(Line(f"成员{number}", "示例街道社工站", "90", "已确认") for number in range(70))
    when = timezone.localtime().replace(microsecond=0)
    facts = ListFacts("小组", "小组督导", "示例机构", "欧阳若水", when, when, "", lines)
    assert render(facts) == render(facts)
    assert render(facts).count(b"/Type /Page\n") + render(facts).count(b"/Type /Page ") >= 3


def test_start_change_invite_hand_over_and_end_a_peer_circle(client, cast):
    client.force_login(cast.trainee)
    url = reverse("supervision:circle-new")
    values = {
        "name": "同辈",
        "purpose": "互相支持",
        "admission": "invitation",
        "capacity": "4",
        "every_days": "14",
    }
    assert client.post(url, values | {"kind": "group"}).status_code == 200
    assert client.post(url, values | {"kind": "peer", "capacity": "9" * 30}).status_code == 200
    client.post(url, values | {"kind": "peer"})
    circle = Circle.objects.get()
    invite = reverse("supervision:circle-invite", args=[circle.pk])
    assert "周一鸣" in text(client.get(invite))
    assert "周一鸣" in text(client.get(invite, {"name": "周"}))
    assert "周一鸣" not in text(client.get(invite, {"name": "\0无"}))
    assert client.post(invite, {"people": ["\0", "9" * 30]}).status_code == 200
    client.post(invite, {"people": [str(cast.other_trainee.person.pk)]})
    client.force_login(cast.other_trainee)
    assert circle.get_absolute_url() in text(client.get(reverse("supervision:circle-list")))
    client.post(reverse("supervision:circle-join", args=[circle.pk]))
    client.force_login(cast.trainee)
    client.post(reverse("supervision:circle-change", args=[circle.pk]), values | {"capacity": "6"})
    assert (
        client.post(reverse("supervision:circle-hand-over", args=[circle.pk]), {"person": "x"}).status_code
        == 422
    )
    client.post(
        reverse("supervision:circle-hand-over", args=[circle.pk]),
        {"person": str(cast.other_trainee.person.pk)},
    )
    circle.refresh_from_db()
    assert (circle.leader, circle.capacity) == (cast.other_trainee.person, 6)
    assert (
        client.post(reverse("supervision:circle-close", args=[circle.pk]), {"reason": "完"}).status_code
        == 404
    )
    client.post(reverse("supervision:member-leave", args=[circle.members.get(person=cast.trainee.person).pk]))
    client.force_login(cast.other_trainee)
    assert (
        client.post(reverse("supervision:circle-close", args=[circle.pk]), {"reason": " "}).status_code == 422
    )
    client.post(reverse("supervision:circle-close", args=[circle.pk]), {"reason": "完成"})
    circle.refresh_from_db()
    assert circle.state == "closed"


def test_an_empty_page_teaches(client, cast):
    client.force_login(cast.trainee)
    page = text(client.get(reverse("supervision:circle-list")))
    assert reverse("supervision:circle-find") in page
    assert reverse("supervision:circle-new") in page


@pytest.mark.parametrize("part", ["outsider", "finance", "instructor"])
def test_who_does_not_belong_to_it_finds_no_gathering(client, held, cast, part):
    client.force_login(getattr(cast, part))
    assert client.get(held.get_absolute_url()).status_code == 404
    row = held.parts.first()
    for name in ("part-confirm", "part-dispute", "part-remove"):
        assert client.post(reverse(f"supervision:{name}", args=[row.pk])).status_code == 404


@pytest.mark.parametrize(
    "wish", [{"name": "\0"}, {"kind": "x" * 999}, {"page": "9" * 40}, {"name": "x" * 900}]
)
def test_a_wish_that_makes_no_sense_is_no_error(client, group, cast, wish):
    client.force_login(cast.trainee)
    assert client.get(reverse("supervision:circle-find"), wish).status_code == 200


@pytest.mark.parametrize("number", [1, 8])
def test_the_lists_cost_the_same_for_one_and_for_many(
    client, cast, group, django_assert_max_num_queries, number
):
    for place in range(number):
        make_part(make_gathering(group.circle, days_ago=place + 1), cast.trainee.person)
        make_circle(group.supervisor, cast.trainee.person)
        make_circle(group.supervisor)
    client.force_login(cast.trainee)
    expected = {
        reverse("supervision:circle-list"): 7,
        reverse("supervision:circle-find"): 2,
        group.circle.get_absolute_url(): 8,
    }
    for url, tables in expected.items():
        client.get(url)
        with django_assert_max_num_queries(60) as captured:
            client.get(url)
        assert sum('FROM "supervision_' in query["sql"] for query in captured) == tables, url
