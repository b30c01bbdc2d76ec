"""What a round weighs beside the scores: the curves, the choice, and what it is used for."""

import pytest
from django.urls import reverse

from core.jobs.actions import run_job
from core.models import AuditEntry
from core.states import Refused
from supervision.matching import actions
from supervision.matching.queries import cost_words, knob_words, knobs_page
from supervision.models import MatchingRound, RoundCurves, RoundRun
from tests.factories import make_pairing, make_round_mentee, make_round_supervisor, make_supervisor, make_user
from tests.supervision.matching.acts import calculate, publish, run_of, wish


@pytest.fixture
def town(round, tree, place):
    """Three supervisors with three places each; the first is wished for by six of seven."""
    supervisors = [
        make_round_supervisor(round, make_supervisor(make_user(f"督{n}", tree["agency"]), capacity=3))
        for n in range(3)
    ]
    mentees = [make_round_mentee(round, make_user(f"林{n}", place).person) for n in range(7)]
    for mentee in mentees[:6]:
        wish(mentee, supervisors[0], supervisors[1])
    return supervisors, mentees


def drawn(round, actor):
    curves = actions.draw_curves(round=round, actor=actor)
    run_job(curves.job_id)
    curves.refresh_from_db()
    return curves


def loads(run):
    return sorted(
        run.lines.filter(supervisor=each).count() for each in run.round.supervisors.filter(is_in=True)
    )


def test_curves_are_drawn_for_a_locked_round_and_every_point_is_proved(round, town, cast):
    with pytest.raises(Refused, match="锁定"):
        actions.draw_curves(round=round, actor=cast.administrator)
    actions.lock_round(round=round, actor=cast.administrator)
    curves = drawn(round, cast.administrator)
    assert [point["value"] for point in curves.points["even"]][:2] == [0, 1]
    assert all(not point["gap"] and point["matched"] == 7 for point in curves.points["even"])
    assert all(point["asked"] == 6 for point in curves.points["wishes"])
    assert curves.points["keep"] == []  # nobody was paired before
    assert RoundCurves.objects.visible_to(cast.auditor).get() == curves
    assert AuditEntry.objects.filter(action="supervision.draw_curves").count() == 1


def test_a_second_click_draws_nothing_twice_and_a_drawing_that_stopped_is_drawn_anew(round, town, cast):
    actions.lock_round(round=round, actor=cast.administrator)
    first = actions.draw_curves(round=round, actor=cast.administrator)
    assert actions.draw_curves(round=round, actor=cast.administrator) == first
    type(first.job).objects.filter(pk=first.job_id).update(state="failed")
    again = actions.draw_curves(round=round, actor=cast.administrator)
    first.refresh_from_db()
    assert (again.pk != first.pk, bool(first.error)) == (True, True)


def test_what_is_chosen_is_used_by_the_run_frozen_with_it_and_said_in_words(round, town, cast):
    officer = cast.administrator
    actions.lock_round(round=round, actor=officer)
    round.refresh_from_db()
    assert actions.choose_knobs(round=round, actor=officer, even=500) is None
    run = calculate(round, officer)
    assert run.knobs == {"wishes": 0, "even": 500, "keep": 0}
    assert loads(run) == [2, 2, 3]
    assert (run.figures["proved"], run.figures["most"], run.figures["plain"]["most"]) == (True, 3, 3)
    assert "500" in knob_words(run.weighed)[0]
    assert "总分" in cost_words(run)
    MatchingRound.objects.filter(pk=round.pk).update(knobs={})
    run.refresh_from_db()
    assert run.knobs["even"] == 500
    trial = calculate(round, officer)
    assert trial.knobs == run.knobs  # a trial goes on from what holds
    with pytest.raises(Refused):
        actions.choose_knobs(round=round, actor=officer, even=10_001)


def test_turned_as_a_trial_nothing_changes_until_it_is_kept(round, town, cast):
    officer = cast.administrator
    first = run_of(round, officer)
    trial = calculate(round, officer, actions.choose_knobs, wishes=50)
    assert (trial.is_trial, trial.knobs["wishes"], first.knobs) == (True, 50, {})
    assert trial.figures["top3"] >= first.figures["top3"]
    actions.keep_trial(run=trial, actor=officer)
    round.refresh_from_db()
    assert round.knobs["wishes"] == 50
    other = calculate(round, officer, actions.try_change, engine="stable")
    assert (other.weighed, cost_words(other)) == ({}, "")
    with pytest.raises(Refused, match="最优"):
        actions.choose_knobs(round=round, actor=officer, wishes=3)


def test_pairs_that_were_together_before_are_worth_more_when_that_is_chosen(round, town, cast):
    supervisors, mentees = town
    make_pairing(supervisors[2].supervisor, mentees[0].person, "ended")
    first = run_of(round, cast.administrator)
    assert first.lines.get(mentee=mentees[0]).supervisor != supervisors[2]
    curves = drawn(round, cast.administrator)
    kept = [point["kept"] for point in curves.points["keep"]]
    assert kept == sorted(kept) and kept[-1] == 1
    trial = calculate(round, cast.administrator, actions.choose_knobs, keep=100)
    assert trial.lines.get(mentee=mentees[0]).supervisor == supervisors[2]
    assert trial.figures["kept"] == 1


def test_the_next_round_takes_the_settings_over(round, town, cast):
    from tests.supervision.matching.acts import values

    actions.lock_round(round=round, actor=cast.administrator)
    round.refresh_from_db()
    actions.choose_knobs(round=round, actor=cast.administrator, keep=20)
    calculate(round, cast.administrator)
    publish(round, cast.administrator)
    days = {name: values()[name] for name in ("title", "opens_at", "closes_at", "starts_on")}
    made = actions.make_next_round(round=round, actor=cast.administrator, **days)
    assert made.knobs["keep"] == 20


def test_an_officer_sees_the_curves_and_chooses_at_the_desk(client, round, town, cast):
    client.force_login(cast.administrator)
    url = reverse("rounds:knobs", args=[round.pk])
    assert "锁定" in client.get(url).content.decode()
    actions.lock_round(round=round, actor=cast.administrator)
    client.post(reverse("rounds:draw", args=[round.pk]))
    page = client.get(url)
    assert page["Refresh"] == "3"
    run_job(RoundCurves.objects.get().job_id)
    page = client.get(url).content.decode()
    assert (
        page.count("trade-chart") == 2
    )  # of the load, for phones and for wide screens; wishes change nothing here
    assert "没有人" in page
    for wrong in ({"even": "-1"}, {"even": "9" * 30}, {"even": "\0"}, {"even": "viel"}, {}):
        assert client.post(url, {"wishes": "0", "keep": "0"} | wrong).status_code == 200
    assert client.post(url, {"wishes": "2", "even": "30", "keep": "0"}).status_code == 302
    round.refresh_from_db()
    assert round.knobs == {"wishes": 2, "even": 30, "keep": 0}
    assert client.get(url)["Refresh"] == "3"  # the others are drawn anew beside what is chosen
    run_job(RoundCurves.objects.first().job_id)
    assert RoundCurves.objects.first().knobs["even"] == 30
    assert "重新绘制" in client.get(url).content.decode()
    calculate(round, cast.administrator)
    for name in ("detail", "results"):
        assert "30" in client.get(reverse(f"rounds:{name}", args=[round.pk])).content.decode()
    answer = client.post(url, {"wishes": "0", "even": "0", "keep": "0"})
    assert answer.url == reverse("rounds:trial", args=[round.pk])
    assert RoundRun.objects.trials().count() == 1


def test_the_page_asks_the_same_for_few_and_many_and_is_read_by_an_auditor_only(client, round, town, cast):
    actions.lock_round(round=round, actor=cast.administrator)
    drawn(round, cast.administrator)
    url = reverse("rounds:knobs", args=[round.pk])
    client.force_login(cast.auditor)
    assert "<button" not in client.get(url).content.decode().split('id="main"')[-1].split("w-mt-8")[1]
    assert client.post(url, {"wishes": "1"}).status_code == 404
    assert client.post(reverse("rounds:draw", args=[round.pk])).status_code == 404
    client.force_login(cast.supervisor)
    assert client.get(url).status_code in (302, 403, 404)
    page = knobs_page(MatchingRound.objects.get(pk=round.pk), cast.auditor)
    assert [curve.knob for curve in page.curves] == ["wishes", "even", "keep"]
