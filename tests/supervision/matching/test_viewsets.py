"""The desk of a round: made, filled, calculated, tried, published, decided; and who may."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.jobs.actions import run_job
from core.models import AuditEntry
from supervision.matching import actions
from supervision.matching.queries import alternatives_for
from supervision.matching.scoring import USUAL
from supervision.models import Appeal, MatchingRound, Pairing, RoundRun, RunLine
from tests.factories import (
    make_round,
    make_round_mentee,
    make_round_supervisor,
    make_supervisor,
    make_user,
)
from tests.supervision.matching.acts import calculate, publish

PAGES = ("detail", "mentees", "supervisors", "results", "trial", "prices")


def at(name, *parts):
    return reverse(f"rounds:{name}", args=parts)


def text(response):
    return response.content.decode()


@pytest.fixture
def round(tree, cast):
    row = make_round(tree["district"])
    make_round_supervisor(row, make_supervisor(cast.supervisor, tree["agency"], capacity=1))
    make_round_supervisor(row, make_supervisor(make_user("督二", tree["agency"]), capacity=1))
    for user in (cast.trainee, cast.other_trainee, make_user("林三", tree["station"])):
        make_round_mentee(row, user.person)
    return row


def finish_jobs():
    for run in RoundRun.objects.filter(finished_at=None, discarded_at=None):
        run_job(run.job_id)


def fields(**more):
    now = timezone.localtime()
    return {
        "title": "冬季轮次",
        "opens_at": f"{now:%Y-%m-%d %H:%M}",
        "closes_at": f"{now + timedelta(days=9):%Y-%m-%d %H:%M}",
        "starts_on": f"{now:%Y-%m-%d}",
        "ends_on": "",
        "engine": "stable",
        "region": "province",
        "required_tier": "",
        "most_wishes": "4",
        "self_join": "on",
        "appeal_days": "5",
        **{f"weight_{code}": str(points) for code, points in USUAL.items()},
    } | more


def test_an_administrator_makes_a_round_and_fills_it(client, tree, cast):
    make_supervisor(cast.supervisor, tree["agency"])
    client.force_login(cast.administrator)
    assert client.get(reverse("rounds:add")).status_code == 200
    data = fields(organisation=tree["district"].pk)
    for wrong in (
        {"organisation": tree["other_district"].pk},
        {"closes_at": data["opens_at"]},
        {"weight_near": "101"},
        {"most_wishes": "0"},
        {"most_wishes": "9" * 40},
        {"title": "\0"},
        {"starts_on": "9999-99-99"},
        {"engine": "luck"},
    ):
        assert client.post(reverse("rounds:add"), data | wrong).status_code == 200, wrong
    assert not MatchingRound.objects.exists()
    client.post(reverse("rounds:add"), data)
    row = MatchingRound.objects.get()
    assert (row.engine, row.weights["near"], row.most_wishes) == ("stable", USUAL["near"], 4)
    client.post(reverse("rounds:edit", args=[row.pk]), fields(weight_near="7"))
    row.refresh_from_db()
    assert row.weights["near"] == 7
    client.post(at("supervisors", row.pk), {"which": "tree", "free": "on"})
    client.post(at("mentees", row.pk), {"organisation": tree["district"].pk, "unsupervised": "on"})
    assert (row.supervisors.count(), row.mentees.count()) == (1, 2)
    page = client.post(at("mentees", row.pk), {"people": "林小荷\n查无此人"})
    assert "查无此人" in text(page)
    client.post(at("mentees", row.pk), {"people": f"{cast.administrator.email}"})
    assert row.mentees.count() == 3
    member = row.mentees.get(person=cast.administrator.person)
    assert client.post(at("out", row.pk), {"side": "mentees", "member": member.pk}).status_code == 404
    client.force_login(cast.city_administrator)  # the other one takes part now
    client.post(at("out", row.pk), {"side": "mentees", "member": member.pk})
    by = row.supervisors.get()
    client.post(at("places", row.pk, by.pk), {"places": "2"})
    by.refresh_from_db()
    assert (by.places, row.mentees.filter(is_in=True).count()) == (2, 2)
    client.post(at("move", row.pk), {"to": "open"})
    row.refresh_from_db()
    assert row.state == "open"


def test_from_the_lock_to_the_publication_at_the_desk(client, cast, round):
    client.force_login(cast.administrator)
    client.post(at("move", round.pk), {"to": "lock"})
    client.post(at("move", round.pk), {"to": "run"})
    page = text(client.get(at("detail", round.pk)))
    assert "自动刷新" in page
    assert "请计算轮次" not in page  # it is under way
    finish_jobs()
    page = text(client.get(at("detail", round.pk)))
    assert "两种匹配方式的取舍" in page
    assert "已证明为最优" in page
    page = text(client.get(at("results", round.pk)))
    assert "排满" in page
    assert "同一区县" in page
    lonely = RunLine.objects.get(supervisor=None)
    paired = text(client.get(at("results", round.pk), {"only": "paired"}))
    assert lonely.mentee.person.name not in paired
    given = RunLine.objects.exclude(supervisor=None).first()
    beside = next(each for each in alternatives_for(given, cast.administrator) if each.is_now)
    assert (beside.score, len(beside.reasons)) == (given.score, len(given.parts))
    page = text(client.get(at("line", round.pk, lonely.pk)))
    assert "督导对照" in page
    by = round.supervisors.first()
    client.post(at("try", round.pk), {"what": "pin", "mentee": lonely.mentee_id, "supervisor": by.pk})
    assert "自动刷新" in text(client.get(at("trial", round.pk)))
    finish_jobs()
    assert f'class="button" href="{at("trial", round.pk)}"' in text(client.get(at("detail", round.pk)))
    page = text(client.get(at("trial", round.pk)))
    assert "2 位被督导者有变化" in page  # of outcomes as good as another, the one that moves fewest
    client.post(at("decide_trial", round.pk), {"keep": "1", "run": "2"})
    assert RunLine.objects.get(run__in=RoundRun.objects.current(), mentee=lonely.mentee).is_pinned
    page = text(client.get(at("prices", round.pk)))
    assert page.count("少一个名额就会多一人没有督导；") == 1  # said once, and then a table
    assert 'data-label="少一个名额的损失"' in page
    book = client.get(at("export", round.pk))
    assert book.status_code == 200
    assert AuditEntry.objects.filter(action="supervision.export_results").count() == 1
    client.post(at("move", round.pk), {"to": "publish", "run": "2"})
    round.refresh_from_db()
    assert round.state == "published"
    page = text(client.get(at("detail", round.pk)))
    assert "已结对" in page
    assert 'value="close"' not in page  # appeals may still be made
    again = client.post(at("move", round.pk), {"to": "publish", "run": "2"}, follow=True)
    assert again.status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"what": "pin"},
        {"what": "pin", "mentee": "9" * 40, "supervisor": "\0"},
        {"what": "places", "supervisor": "1", "places": "-1"},
        {"what": "dance"},
    ],
)
def test_a_change_that_makes_no_sense_tries_nothing(client, cast, round, change):
    actions.lock_round(round=round, actor=cast.administrator)
    calculate(round, cast.administrator)
    client.force_login(cast.administrator)
    assert client.post(at("try", round.pk), change).status_code == 302
    assert RoundRun.objects.count() == 1


@pytest.mark.parametrize("verb", ["keep", "discard"])
@pytest.mark.parametrize("number", ["2", "", "\0", "9" * 40])
def test_a_trial_that_another_officer_has_replaced_is_not_decided_on_unseen(
    client, cast, round, verb, number
):
    """The first officer looks at trial 2, the second tries something else: that is trial 3."""
    actions.lock_round(round=round, actor=cast.administrator)
    first = calculate(round, cast.administrator)
    one, two = round.supervisors.order_by("pk")
    calculate(round, cast.administrator, actions.try_change, places=(one, 0))
    client.force_login(cast.administrator)
    assert 'name="run" value="2"' in text(client.get(at("trial", round.pk)))
    third = calculate(round, cast.city_administrator, actions.try_change, places=(two, 0))
    page = client.post(at("decide_trial", round.pk), {verb: "1", "run": number}, follow=True)
    assert "轮次情况已有变化，这次没有作任何改动。" in text(page)
    third.refresh_from_db()
    assert third.is_trial and RoundRun.objects.current().get(round=round) == first
    client.post(at("decide_trial", round.pk), {verb: "1", "run": "3"})
    assert not RoundRun.objects.trials().exists()


@pytest.mark.parametrize("to", ["publish", "back"])
def test_a_result_that_is_another_by_now_is_not_published_or_put_back_unseen(client, cast, round, to):
    actions.lock_round(round=round, actor=cast.administrator)
    calculate(round, cast.administrator)
    client.force_login(cast.administrator)
    assert text(client.get(at("detail", round.pk))).count('name="run" value="1"') >= 2
    trial = calculate(
        round, cast.city_administrator, actions.try_change, places=(round.supervisors.first(), 0)
    )
    actions.keep_trial(run=trial, actor=cast.city_administrator)
    for number in ("1", "", "\0", "9" * 40):
        page = client.post(at("move", round.pk), {"to": to, "run": number}, follow=True)
        assert ("请重新查看" if number == "1" else "轮次情况已有变化，这次没有作任何改动。") in text(page)
        round.refresh_from_db()
        assert (round.state, RoundRun.objects.current().get(round=round)) == ("run", trial)
    client.post(at("move", round.pk), {"to": to, "run": "2"})
    round.refresh_from_db()
    assert round.state == {"publish": "published", "back": "locked"}[to]


def test_no_more_places_are_tried_than_anybody_may_have(client, cast, round):
    actions.lock_round(round=round, actor=cast.administrator)
    calculate(round, cast.administrator)
    member = round.supervisors.order_by("pk")[0]
    type(member.supervisor).objects.filter(pk=member.supervisor_id).update(load=1)
    client.force_login(cast.administrator)
    change = {"what": "places", "supervisor": member.pk}
    page = client.post(at("try", round.pk), change | {"places": "100"}, follow=True)
    assert "最多可以试 99 个名额" in text(page) and str(member.supervisor) in text(page)
    assert RoundRun.objects.count() == 1
    client.post(at("try", round.pk), change | {"places": "99"})
    assert RoundRun.objects.get(number=2).places == {str(member.pk): 99}


@pytest.mark.parametrize("to", ["", "\0", "fly", "publish", "close", "back"])
def test_a_step_that_is_not_possible_is_told(client, cast, round, to):
    client.force_login(cast.administrator)
    assert client.post(at("move", round.pk), {"to": to}).status_code == 302
    round.refresh_from_db()
    assert round.state == "open"


def test_an_appeal_is_decided_at_the_desk_and_the_next_round_made(client, cast, round):
    actions.lock_round(round=round, actor=cast.administrator)
    calculate(round, cast.administrator)
    publish(round, cast.administrator)
    line = RunLine.objects.exclude(supervisor=None).first()
    person = line.mentee.person
    appeal = actions.make_appeal(round=round, person=person, text="离得太远", actor=person.user)
    client.force_login(cast.administrator)
    url = at("appeal", round.pk, appeal.pk)
    assert "离得太远" in text(client.get(url))
    assert client.post(url, {"answer": "", "uphold": "1"}).status_code == 200
    client.post(url, {"answer": "同意", "uphold": "1", "ends_pairing": "on"})
    assert Pairing.objects.get(round_line=line).state == "ended"
    assert Appeal.objects.get().state == "upheld"
    client.force_login(person.user)
    assert "这一结对已结束" in text(client.get(reverse("supervision:round-detail", args=[round.pk])))
    client.force_login(cast.administrator)
    assert client.get(at("next", round.pk)).status_code == 200
    client.post(at("next", round.pk), {**fields(), "title": "下一轮"})
    made = MatchingRound.objects.get(previous=round)
    assert made.mentees.count() == 2


def test_no_superuser_reads_an_appeal_without_a_role_over_the_round(client, cast, round):
    actions.lock_round(round=round, actor=cast.administrator)
    calculate(round, cast.administrator)
    publish(round, cast.administrator)
    person = RunLine.objects.exclude(supervisor=None).first().mentee.person
    appeal = actions.make_appeal(round=round, person=person, text="离得太远", actor=person.user)
    for user, seen in ((cast.outsider, False), (cast.administrator, True)):
        user.is_superuser = True
        user.save()
        client.force_login(user)
        response = client.get(at("appeal", round.pk, appeal.pk))
        assert response.status_code == 200
        assert ("离得太远" in text(response)) == seen


@pytest.mark.parametrize("part", ["auditor"])
def test_an_auditor_reads_and_changes_nothing(client, cast, round, part):
    actions.lock_round(round=round, actor=cast.administrator)
    calculate(round, cast.administrator)
    client.force_login(getattr(cast, part))
    line = RunLine.objects.first()
    for name in PAGES:
        assert client.get(at(name, round.pk)).status_code == 200, name
    assert client.get(at("line", round.pk, line.pk)).status_code == 200
    for name, parts in (("move", ()), ("cancel", ()), ("try", ()), ("decide_trial", ()), ("out", ())):
        assert client.post(at(name, round.pk, *parts), {"to": "publish"}).status_code == 404
    assert client.post(at("mentees", round.pk)).status_code == 404


@pytest.mark.parametrize("part", ["outsider", "instructor", "finance", "trainee", "supervisor"])
def test_nobody_else_finds_it(client, cast, round, part):
    actions.lock_round(round=round, actor=cast.administrator)
    calculate(round, cast.administrator)
    client.force_login(getattr(cast, part))
    for name in PAGES:
        assert client.get(at(name, round.pk)).status_code in (302, 403, 404)
    assert round.title not in text(client.get(reverse("rounds:index")))


def test_an_officer_who_takes_part_neither_runs_it_nor_reads_its_lists(client, cast, round):
    make_round_mentee(round, cast.administrator.person)
    actions.lock_round(round=round, actor=cast.city_administrator)
    calculate(round, cast.city_administrator)
    client.force_login(cast.administrator)
    assert "你本人参加了这一轮次" in text(client.get(at("detail", round.pk)))
    for name in ("results", "trial", "prices", "export"):
        assert client.get(at(name, round.pk)).status_code == 404
    assert client.post(at("move", round.pk), {"to": "publish"}).status_code == 404


@pytest.mark.parametrize("many", [1, 8])
@pytest.mark.parametrize(
    ("name", "number"), [("mentees", 3), ("supervisors", 4), ("results", 5), ("index", 2)]
)
def test_the_lists_cost_the_same_for_few_and_for_many(
    client, tree, cast, round, django_assert_max_num_queries, many, name, number
):
    for _ in range(many):
        make_round_mentee(round, make_user("林", tree["station"]).person)
        make_round_supervisor(round, make_supervisor(make_user("督", tree["agency"])))
    actions.lock_round(round=round, actor=cast.administrator)
    calculate(round, cast.administrator)
    client.force_login(cast.auditor)
    url = reverse("rounds:index") if name == "index" else at(name, round.pk)
    client.get(url)
    with django_assert_max_num_queries(70) as captured:
        client.get(url)
    assert sum('FROM "supervision_' in query["sql"] for query in captured) == number
