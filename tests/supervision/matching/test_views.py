from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.people.queries import own_data
from supervision.matching import actions
from supervision.models import Appeal, MatchingRound, RoundMentee, Wish
from tests.factories import (
    make_conflict,
    make_round,
    make_round_mentee,
    make_round_supervisor,
    make_supervisor,
    make_user,
)
from tests.supervision.matching.acts import calculate, change, publish, wish


def text(response):
    return response.content.decode()


def at(name, *parts):
    return reverse(f"supervision:{name}", args=parts)


@pytest.fixture
def round(tree):
    return make_round(tree["district"], most_wishes=3)


@pytest.fixture
def by(round, tree, cast):
    return make_round_supervisor(round, make_supervisor(cast.supervisor, tree["agency"], capacity=1))


def test_a_trainee_joins_chooses_and_orders(client, round, by, cast, tree):
    other = make_round_supervisor(round, make_supervisor(make_user("督二", tree["agency"])))
    client.force_login(cast.trainee)
    assert round.title in text(client.get(at("round-list")))
    assert "报名参加" in text(client.get(round.get_absolute_url()))
    client.post(at("round-join", round.pk), {"languages": "手语"})
    page = text(client.get(at("round-supervisors", round.pk)))
    assert "欧阳若水" in page
    assert "同一区县" in page
    for each in (by, other):
        back = client.post(
            at("round-wish", round.pk), {"side": "mentee", "other": each.pk, "step": "add", "back": "browse"}
        )
        assert back.url.endswith(f"#member-{each.pk}")
    client.post(at("round-wish", round.pk), {"side": "mentee", "other": other.pk, "step": "up"})
    assert list(Wish.objects.values_list("supervisor", flat=True)) == [other.pk, by.pk]
    page = text(client.get(round.get_absolute_url()))
    assert page.index("督二") < page.index("欧阳若水")
    client.post(at("round-leave", round.pk))
    assert not Wish.objects.exists()


def test_why_not_stands_beside_whom_one_cannot_choose_and_says_nothing_of_a_conflict(client, round, by, cast):
    make_round_mentee(round, cast.trainee.person)
    make_conflict(by.supervisor, cast.trainee.person, cast.supervisor)
    client.force_login(cast.trainee)
    page = text(client.get(at("round-supervisors", round.pk)))
    assert "你们在本轮次中不能结对" in page
    assert "利益冲突" not in page.split("<main")[1].split("</main")[0]


def test_a_supervisor_sees_only_whom_they_may_have_and_keeps_places_back(client, round, by, cast):
    make_round_mentee(round, cast.trainee.person)
    hidden = make_round_mentee(round, cast.other_trainee.person)
    make_conflict(by.supervisor, cast.other_trainee.person, cast.other_trainee)
    client.force_login(cast.supervisor)
    page = text(client.get(at("round-mentees", round.pk)))
    assert "林小荷" in page
    assert "周一鸣" not in page
    client.post(at("round-wish", round.pk), {"side": "supervisor", "other": hidden.pk, "step": "add"})
    assert not Wish.objects.exists()
    client.post(at("round-places", round.pk), {"places": "0"})
    by.refresh_from_db()
    assert by.places == 0
    assert client.post(at("round-places", round.pk), {"places": "x"}).status_code == 422


def test_nobody_sees_the_other_sides_list(client, round, by, cast):
    mentee = make_round_mentee(round, cast.trainee.person)
    wish(mentee, by)
    client.force_login(cast.supervisor)
    for name in ("round-detail", "round-mentees"):
        page = text(client.get(at(name, round.pk)))
        assert "意愿 1" not in page
        assert "第 1 意愿" not in page


def test_the_result_says_why_and_an_appeal_is_made_and_withdrawn(client, round, by, cast):
    mentee = make_round_mentee(round, cast.trainee.person)
    make_round_mentee(round, cast.other_trainee.person)
    wish(mentee, by)
    change(mentee, by, "add", side="supervisor")
    actions.lock_round(round=round, actor=cast.administrator)
    calculate(round, cast.administrator)
    client.force_login(cast.trainee)
    assert "欧阳若水" not in text(client.get(round.get_absolute_url())).split('id="wishes"')[0]
    publish(round, cast.administrator)
    page = text(client.get(round.get_absolute_url()))
    assert "为什么是这位督导" in page
    assert "你的第 1 意愿" in page
    assert "督导的第 1 意愿" not in page
    client.post(at("round-appeal", round.pk), {"text": "想换一位"})
    appeal = Appeal.objects.get()
    assert "想换一位" in text(client.get(round.get_absolute_url()))
    client.post(at("appeal-withdraw", appeal.pk))
    appeal.refresh_from_db()
    assert appeal.state == "withdrawn"
    client.force_login(cast.other_trainee)
    page = text(client.get(round.get_absolute_url()))
    assert "位督导在本轮次的名额都已排满" in page
    assert "林小荷" not in page
    client.force_login(cast.supervisor)
    page = text(client.get(round.get_absolute_url()))
    assert "林小荷" in page
    assert "被督导者的第" not in page


def test_strangers_have_no_such_page(client, round, by, cast):
    for user in (cast.outside_trainee, cast.outsider, cast.auditor, cast.finance):
        client.force_login(user)
        for name in ("round-supervisors", "round-mentees"):
            assert client.get(at(name, round.pk)).status_code == 404
    client.force_login(cast.outside_trainee)
    assert client.get(round.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"side": "mentee", "other": "9" * 40, "step": "add"},
        {"side": "\0", "other": "1", "step": "add"},
        {"side": "mentee", "other": "1", "step": "sideways"},
        {"side": "mentee", "other": "x", "step": "add", "page": "-1"},
    ],
)
def test_a_step_that_makes_no_sense_changes_nothing(client, round, by, cast, data):
    make_round_mentee(round, cast.trainee.person)
    client.force_login(cast.trainee)
    assert client.post(at("round-wish", round.pk), data).status_code in (302, 404)
    assert not Wish.objects.exists()


def test_too_late_is_told_and_nothing_is_changed(client, round, by, cast):
    make_round_mentee(round, cast.trainee.person)
    MatchingRound.objects.filter(pk=round.pk).update(closes_at=timezone.now() - timedelta(seconds=1))
    client.force_login(cast.trainee)
    page = client.post(
        at("round-wish", round.pk), {"side": "mentee", "other": by.pk, "step": "add"}, follow=True
    )
    assert "时间已过" in text(page)
    assert not Wish.objects.exists()


@pytest.mark.parametrize("query", [{"page": "9" * 30}, {"name": "\0"}, {"name": "x" * 400}, {"page": "x"}])
def test_a_search_that_makes_no_sense_is_no_error(client, round, by, cast, query):
    make_round_mentee(round, cast.trainee.person)
    client.force_login(cast.trainee)
    assert client.get(at("round-supervisors", round.pk), query).status_code == 200
    client.force_login(cast.supervisor)
    assert client.get(at("round-mentees", round.pk), query).status_code == 200


@pytest.mark.parametrize("many", [1, 12])
@pytest.mark.parametrize(
    ("part", "name", "number"), [("trainee", "round-supervisors", 15), ("supervisor", "round-mentees", 15)]
)
def test_choosing_costs_the_same_for_one_and_for_many(
    client, tree, round, by, cast, django_assert_max_num_queries, many, part, name, number
):
    make_round_mentee(round, cast.trainee.person)
    for _ in range(many):
        make_round_supervisor(round, make_supervisor(make_user("督", tree["agency"])))
        make_round_mentee(round, make_user("林", tree["station"]).person)
    client.force_login(getattr(cast, part))
    client.get(at(name, round.pk))
    with django_assert_max_num_queries(60) as captured:
        client.get(at(name, round.pk))
    ours = sum('FROM "supervision_' in query["sql"] for query in captured)
    assert ours == number
    assert RoundMentee.objects.count() == many + 1


def test_ones_own_data_holds_the_own_wishes_and_declarations_and_nobody_elses(round, by, cast):
    mentee = make_round_mentee(round, cast.trainee.person)
    wish(mentee, by)
    actions.lock_round(round=round, actor=cast.administrator)
    calculate(round, cast.administrator)
    publish(round, cast.administrator)
    actions.make_appeal(round=round, person=cast.trainee.person, text="想换一位", actor=cast.trainee)
    make_conflict(by.supervisor, cast.trainee.person, cast.trainee, reason="自己写的")
    make_conflict(by.supervisor, cast.trainee.person, cast.supervisor, reason="对方写的")
    mine, theirs = own_data(cast.trainee.person), own_data(cast.supervisor.person)
    (row,) = mine["matching_rounds"]
    assert row["wishes"] == [{"rank": 1, "name": "欧阳若水"}]
    assert row["result"]["supervisor"] == "欧阳若水"
    assert row["appeals"][0]["text"] == "想换一位"
    assert "自己写的" in str(mine["declared_conflicts"])
    assert "对方写的" not in str(mine)
    (other,) = theirs["matching_rounds"]
    assert (other["side"], other["wishes"], other["places"]) == ("supervisor", [], 1)
    assert "自己写的" not in str(theirs)
