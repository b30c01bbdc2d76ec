"""Who runs a round, judges in it or is honoured by it: three people who do not depend on one another."""

import pytest

from core.models import Notice
from credentials.awards.actions import (
    AwardRefused,
    add_member,
    decline_nomination,
    end_judging,
    nominate,
    remove_member,
    shortlist_nominees,
    start_judging,
)
from credentials.models import Commendation, PanelConflict
from credentials.public_notices.actions import NoticeRefused, answer_objection, file_objection, why_not_answer
from tests.credentials.awards.acts import MARKS, facts, judge, notice_has_ended
from tests.factories import give_role, make_award_round, make_nomination, make_user
from tests.factories.subsidies import make_reviewer


def fresh(user):
    return type(user).objects.get(pk=user.pk)


def let_in(giver, place, name):
    user = make_user(name, place)
    give_role(user, "administrator", place, granted_by=giver)
    return fresh(user)


@pytest.fixture
def boss(tree):
    return fresh(make_reviewer(tree["city"], "市二"))


def test_who_wrote_or_ran_a_round_is_not_nominated_in_it(tree, cast, boss, officer, judges):
    mate, third = make_user("同事", tree["city"]), fresh(make_reviewer(tree["city"], "市三"))
    written = make_award_round(tree["city"], boss)
    run = make_award_round(tree["city"], officer)
    remove_member(member=add_member(round=run, user=judges[0], actor=boss), actor=boss)

    for row in (written, run):
        for way, actor, words in (("self", boss, "制定或组织"), ("peer", mate, "不能推荐")):
            with pytest.raises(AwardRefused, match=words):
                nominate(round=row, person=boss.person, facts=facts(way), actor=actor)
        nominate(round=row, person=third.person, facts=facts("self"), actor=third)
        assert row.nominations.get().holder == third


def test_nor_is_who_let_in_whoever_runs_it(tree, boss):
    row = make_award_round(tree["city"], let_in(boss, tree["city"], "新管"))

    with pytest.raises(AwardRefused, match="制定或组织"):
        nominate(round=row, person=boss.person, facts=facts("self"), actor=boss)


@pytest.mark.parametrize("state", ["offered", "accepted", "shortlisted"])
def test_who_is_asked_to_accept_a_nomination_runs_the_round_no_more_nor_whom_they_let_in(
    tree, boss, officer, state
):
    row = make_award_round(tree["city"], officer)
    hand = let_in(boss, tree["city"], "新管")
    assert all(one.has_perm("credentials.run_awardround", row) for one in (boss, hand))
    one = make_nomination(row, boss.person, state)

    assert not any(fresh(user).has_perm("credentials.run_awardround", row) for user in (boss, hand))
    assert fresh(officer).has_perm("credentials.run_awardround", row)
    if state == "offered":
        decline_nomination(nomination=one, actor=boss)
        assert fresh(boss).has_perm("credentials.run_awardround", row)


def test_between_a_member_and_a_nominee_of_whom_one_let_in_the_other_lies_a_conflict(
    tree, cast, boss, officer
):
    chief = make_reviewer(tree["district"], "区二")
    helper = let_in(boss, tree["city"], "市三")
    row = make_award_round(tree["city"], officer, state="shortlisting")
    for user in (boss, helper, cast.trainee):
        make_nomination(row, user.person)
    shortlist_nominees(round=row, nomination_ids=row.nominations.values_list("pk", flat=True), actor=officer)
    hand = let_in(boss, tree["agency"], "评委")  # at another place than the round's
    patron = make_user("推手", tree["agency"])
    helper.roles.update(granted_by=patron)
    for user in (hand, patron, chief):
        add_member(round=row, user=user, actor=officer)

    start_judging(round=row, actor=officer)

    found = PanelConflict.objects.values_list("member__user", "nomination__holder", "kind")
    assert set(found) == {(hand.pk, boss.pk, "automatic"), (patron.pk, helper.pk, "automatic")}


def test_the_officer_in_whose_name_a_winner_is_registered_is_told(scoring, officer, cast):
    judge(scoring, MARKS)
    end_judging(round=scoring, actor=officer)
    notice_has_ended(scoring)

    entry = Commendation.objects.get(person=cast.trainee.person)
    told = Notice.objects.get(
        user=entry.registered_by, source=f"credentials.commendation:{entry.pk}:registrar"
    )
    assert told.values["name"] == "林小荷" and str(entry.pk) in told.url


def test_an_objection_to_winners_is_answered_by_nobody_of_the_panel_or_the_nominees(
    scoring, tree, cast, officer, judges
):
    judge(scoring, MARKS)
    end_judging(round=scoring, actor=officer)
    scoring.refresh_from_db()
    notice = scoring.notice
    for user in (judges[0], cast.other_trainee):
        give_role(user, "administrator", tree["city"])
    hand = let_in(cast.trainee, tree["city"], "新管")
    objection = file_objection(
        notice=notice, line=notice.lines.first(), said="事迹不实", name="某", contact="信箱", actor=None
    )

    for user in (judges[0], cast.other_trainee, hand):
        assert "被提名人或评委" in why_not_answer(objection, fresh(user)), user
        with pytest.raises(NoticeRefused):
            answer_objection(objection=objection, upheld=False, answer="属实", actor=fresh(user))
    answer_objection(objection=objection, upheld=False, answer="查无此事", actor=officer)
