"""The verbs of an award round, from its draft to the honour register."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry
from core.states import IllegalMove
from credentials.awards.actions import (
    AwardRefused,
    accept_nomination,
    add_member,
    cancel_round,
    cast_vote,
    declare_conflicts,
    decline_nomination,
    end_judging,
    end_nominations,
    give_scores,
    nominate,
    post_again,
    reconcile,
    save_round,
    shortlist_nominees,
    start_judging,
    start_vote,
)
from credentials.awards.queries import judged_by, places_of
from credentials.models import (
    AwardResult,
    AwardRound,
    AwardSuccession,
    AwardVote,
    Commendation,
    Nomination,
    PanelConflict,
    PanelScore,
)
from credentials.public_notices.actions import answer_objection, close_due_notices, withdraw_notice
from tests.credentials.awards.acts import DEEDS, MARKS, facts, judge, notice_has_ended
from tests.factories import (
    give_role,
    make_award_round,
    make_conduct,
    make_nomination,
    make_objection,
    make_qualification,
    make_user,
)
from tests.factories.subsidies import make_subsidies

# --- Nominating -----------------------------------------------------------------------------------------------


def test_who_may_nominate_whom_and_the_quota_of_an_organisation(tree, cast, officer):
    row = make_award_round(tree["city"], officer)
    nominate(round=row, person=cast.trainee.person, facts=facts("self"), actor=cast.trainee)
    assert Nomination.objects.get().state == "accepted"  # who nominates themselves has agreed
    colleague = nominate(round=row, person=cast.other_trainee.person, facts=facts("peer"), actor=cast.trainee)
    assert colleague.state == "offered"
    refused = [
        (cast.trainee, cast.trainee.person, "self"),  # already
        (cast.trainee, cast.outside_trainee.person, "peer"),  # another unit
        (cast.trainee, cast.supervisor.person, "organisation"),  # no administrator
        (cast.administrator, cast.administrator.person, "organisation"),  # oneself
        (cast.supervisor, cast.trainee.person, "self"),  # not oneself
    ]
    for actor, person, way in refused:
        with pytest.raises(AwardRefused):
            nominate(round=row, person=person, facts=facts(way), actor=actor)
    third, fourth = make_user("万俟平", tree["station"]), make_user("司徒静", tree["station"])
    first = nominate(round=row, person=third.person, facts=facts("organisation"), actor=cast.administrator)
    with pytest.raises(AwardRefused):
        nominate(round=row, person=fourth.person, facts=facts("organisation"), actor=cast.administrator)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_nomination(row, fourth.person, way="organisation", place=1, nominated_by=cast.administrator)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_nomination(row, fourth.person, way="peer")  # whose own it is
    with pytest.raises(AwardRefused):
        accept_nomination(nomination=first, actor=cast.administrator)
    decline_nomination(nomination=first, actor=third)
    nominate(round=row, person=fourth.person, facts=facts("organisation"), actor=cast.administrator)


def test_conditions_are_checked_when_one_accepts_and_when_the_shortlist_is_drawn(tree, cast, officer):
    row = make_award_round(tree["city"], officer, qualified_months=12, clean_months=36)
    asked = nominate(round=row, person=cast.other_trainee.person, facts=facts("peer"), actor=cast.trainee)
    with pytest.raises(AwardRefused):
        accept_nomination(nomination=asked, actor=cast.other_trainee)
    make_qualification(cast.other_trainee.person, days_ago=800)
    accept_nomination(nomination=asked, actor=cast.other_trainee)
    late = nominate(
        round=row, person=make_user("万俟平", tree["station"]).person, facts=facts("peer"), actor=cast.trainee
    )
    make_conduct(cast.other_trainee.person, officer, days_ago=100)
    end_nominations(round=row, actor=officer)
    late.refresh_from_db()
    assert late.state == "declined"  # nobody had accepted it
    with pytest.raises(AwardRefused):
        shortlist_nominees(round=row, nomination_ids=[asked.pk], actor=officer)
    with pytest.raises(AwardRefused):
        accept_nomination(nomination=late, actor=late.holder)


# --- Judging --------------------------------------------------------------------------------------------------


def test_a_conflict_keeps_papers_scores_and_the_database_closed(scoring, judges):
    member = scoring.members.get(user=judges[2])  # of the station of two nominees
    assert not judged_by(member).exists()  # nothing before the declaration
    declare_conflicts(member=member, nomination_ids=[], actor=judges[2])
    member.refresh_from_db()
    assert [row.person.name for row in judged_by(member)] == ["华清"]
    barred = scoring.nominations.get(person__name="林小荷")
    values = dict.fromkeys(scoring.indicators.values_list("pk", flat=True), 100)
    with pytest.raises(AwardRefused):
        give_scores(member=member, nomination=barred, values=values, actor=judges[2])
    with pytest.raises(DatabaseError), transaction.atomic():
        PanelScore.objects.create(
            member=member, nomination=barred, indicator=scoring.indicators.first(), value=1
        )
    with pytest.raises(DatabaseError), transaction.atomic():
        PanelConflict.objects.filter(member=member)._raw_delete(using="default")
    other = scoring.members.get(user=judges[0])
    with pytest.raises(AwardRefused):  # not before the declaration, and not as somebody else
        give_scores(member=other, nomination=barred, values=values, actor=judges[0])
    with pytest.raises(AwardRefused):
        declare_conflicts(member=other, nomination_ids=[], actor=judges[1])


def test_a_conflict_that_is_declared_late_takes_the_scores_back(scoring, judges):
    judge(scoring, MARKS)
    member, her = scoring.members.get(user=judges[0]), scoring.nominations.get(person__name="华清")
    before = {place.nominee: place.judged_by for place in places_of(scoring)}
    declare_conflicts(member=member, nomination_ids=[her.pk], actor=judges[0])
    after = {place.nominee: place.judged_by for place in places_of(scoring)}
    assert (before[her.pk], after[her.pk]) == (3, 2) and PanelScore.objects.filter(
        nomination=her
    ).count() == 6


def test_judging_ends_once_every_member_has_finished(scoring, officer, cast):
    with pytest.raises(AwardRefused):
        end_judging(round=scoring, actor=officer)
    judge(scoring, MARKS)
    end_judging(round=scoring, actor=officer)
    with pytest.raises(IllegalMove):
        end_judging(round=scoring, actor=officer)
    scoring.refresh_from_db()
    found = list(
        AwardResult.objects.values_list("nomination__person__name", "rank", "is_winner", "judged_by")
    )
    assert found == [("林小荷", 1, True, 2), ("华清", 2, True, 3), ("周一鸣", 3, False, 2)]
    lines = scoring.notice.lines.values_list("name", "unit", "title")
    assert list(lines) == [
        ("林小荷", "和平区新街社工站", scoring.title),
        ("华清", "河东区新街社工站", scoring.title),
    ]
    with pytest.raises(DatabaseError), transaction.atomic():
        AwardResult.objects.update(rank=9)


# --- What comes of it -----------------------------------------------------------------------------------------


def test_cleared_winners_stand_in_the_honour_register_once(scoring, officer, cast, client):
    AwardRound.objects.filter(pk=scoring.pk).update(vacant="empty")
    judge(scoring, MARKS)
    end_judging(round=scoring, actor=officer)
    scoring.refresh_from_db()
    objection = make_objection(scoring.notice, 1)
    notice_has_ended(scoring)
    assert scoring.state == "notice"
    entry = Commendation.objects.get()
    assert (entry.person, entry.title, entry.rank, entry.registered_by) == (
        cast.outside_trainee.person, scoring.title, "city", officer,
    )  # fmt: skip
    other = make_user("申屠安", scoring.organisation)
    give_role(other, "administrator", scoring.organisation)
    answer_objection(objection=objection, upheld=True, answer="材料不实。", actor=other)
    scoring.refresh_from_db()
    assert scoring.state == "decided" and Commendation.objects.count() == 1
    assert close_due_notices() == 0 and reconcile() == [] and Commendation.objects.count() == 1
    client.force_login(cast.trainee)
    assert "1 个名额因异议成立而空缺" in client.get(scoring.get_absolute_url()).content.decode()


def test_the_next_in_order_moves_up_after_a_notice_of_their_own_and_only_into_an_emptied_place(
    scoring, officer, cast, client
):
    judge(scoring, MARKS)
    end_judging(round=scoring, actor=officer)
    scoring.refresh_from_db()
    first = scoring.notice
    objection = make_objection(first, 1)
    answer_objection(objection=objection, upheld=True, answer="材料不实。", actor=officer)
    notice_has_ended(scoring)
    up = AwardSuccession.objects.get()
    assert (up.result.rank, up.instead_of.rank, scoring.state) == (3, 1, "notice")
    assert scoring.notice != first and list(scoring.notice.lines.values_list("name", flat=True)) == ["周一鸣"]
    entry = AuditEntry.objects.get(action="credentials.move_up")
    assert entry.data["after"]["places"] == [{"rank": 3, "instead_of": 1}]
    for wrong in (
        {"result": up.result, "instead_of": up.result},
        {"result": up.instead_of, "instead_of": up.instead_of},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            AwardSuccession.objects.create(**wrong)
    with pytest.raises(DatabaseError), transaction.atomic():
        AwardSuccession.objects.update(instead_of=up.result)
    withdraw_notice(notice=scoring.notice, reason="单位名称有误。", actor=officer)
    post_again(round=scoring, actor=officer)
    again = make_objection(AwardRound.objects.get(pk=scoring.pk).notice, 1)
    answer_objection(objection=again, upheld=False, answer="不实。", actor=officer)
    notice_has_ended(scoring)
    assert scoring.state == "decided"
    assert {one.person for one in Commendation.objects.all()} == {
        cast.outside_trainee.person,
        cast.other_trainee.person,
    }
    client.force_login(officer)
    page = client.get(reverse("award-rounds:inspect", args=[scoring.pk]), {"tab": "result"}).content.decode()
    assert "递补第 1 名的名额" in page and "由周一鸣递补" in page
    client.force_login(cast.trainee)
    assert "按名次递补" in client.get(scoring.get_absolute_url()).content.decode()


def test_whoever_is_barred_today_is_passed_over_and_without_anybody_the_place_stays_empty(
    scoring, officer, cast
):
    AwardRound.objects.filter(pk=scoring.pk).update(clean_months=24)
    judge(scoring, MARKS)
    end_judging(round=scoring, actor=officer)
    make_conduct(cast.other_trainee.person, officer)
    scoring.refresh_from_db()
    answer_objection(
        objection=make_objection(scoring.notice, 1), upheld=True, answer="材料不实。", actor=officer
    )
    notice_has_ended(scoring)
    assert scoring.state == "decided" and not AwardSuccession.objects.exists()


def test_the_panel_and_the_nominees_of_an_administrator_are_looked_for_by_name(
    scoring, officer, cast, client, monkeypatch
):
    client.force_login(officer)
    address = reverse("award-rounds:inspect", args=[scoring.pk])
    page = client.get(address, {"tab": "panel"}).content.decode()
    assert "欧阳若水" not in page
    for words in ("欧阳", "ouyang"):
        page = client.get(address, {"tab": "panel", "find": words}).content.decode()
        assert "欧阳若水" in page and f'value="{cast.supervisor.pk}"' in page
    assert "林小荷 ·" not in client.get(address, {"tab": "panel", "find": "林小荷"}).content.decode()
    client.post(reverse("award-rounds:add-member", args=[scoring.pk]), {"user": cast.supervisor.pk})
    assert scoring.members.filter(user=cast.supervisor).exists()
    row = make_award_round(scoring.organisation, officer, year=2020)
    monkeypatch.setattr("credentials.awards.views.rounds.MOST_SHOWN", 2)
    nominating = reverse("credentials:award-nominate", args=[row.pk])
    assert "周一鸣" not in client.get(nominating).content.decode()
    assert "周一鸣" in client.get(nominating, {"find": "周一"}).content.decode()
    sent = {"way": "organisation", "person": cast.other_trainee.person.pk}
    assert "周一鸣" in client.post(nominating, sent).content.decode()
    client.post(nominating, sent | {"deeds": DEEDS})
    assert Nomination.objects.get(round=row).person == cast.other_trainee.person


def test_a_winner_finds_the_claim_for_the_honour_filled_in(scoring, officer, cast, tree, client):
    version = make_subsidies(tree["city"], officer)
    judge(scoring, MARKS)
    end_judging(round=scoring, actor=officer)
    notice_has_ended(scoring)
    winner = cast.trainee
    honour = winner.person.commendations.get()
    client.force_login(winner)
    mine = client.get(reverse("credentials:claim-list")).content.decode()
    assert "表彰激励" in mine and f'value="commendation-{honour.pk}"' in mine
    said = {"version": version.pk, "benefit": "commended", "key": f"commendation-{honour.pk}"}
    edit = client.post(reverse("credentials:claim-start"), said)["Location"]
    page = client.get(edit).content.decode()
    assert scoring.title in page and "2,000" in page
    client.force_login(cast.other_trainee)  # on the shortlist, and no winner
    assert 'value="commendation-' not in client.get(reverse("credentials:claim-list")).content.decode()


def test_an_entry_made_by_hand_is_taken_for_it_and_who_runs_it_does_not_honour_themselves(
    scoring, officer, cast
):
    AwardRound.objects.filter(pk=scoring.pk).update(created_by=cast.outside_trainee)
    scoring.refresh_from_db()
    judge(scoring, MARKS)
    by_hand = Commendation.objects.create(
        person=cast.trainee.person, holder=cast.trainee, rank="city", title=scoring.title,
        issuer=scoring.organisation.name, year=scoring.year, registered_by=officer,
    )  # fmt: skip
    end_judging(round=scoring, actor=officer)
    notice_has_ended(scoring)
    grants = {row.nomination.person.name: row.grant for row in scoring.results.filter(is_winner=True)}
    assert grants["林小荷"].commendation == by_hand
    assert grants["华清"].commendation.registered_by == officer and Commendation.objects.count() == 2


def test_a_withdrawn_notice_is_posted_again_and_a_round_is_called_off_with_a_reason(scoring, officer):
    judge(scoring, MARKS)
    end_judging(round=scoring, actor=officer)
    scoring.refresh_from_db()
    with pytest.raises(AwardRefused):
        cancel_round(round=scoring, reason="重来", actor=officer)
    first = scoring.notice
    withdraw_notice(notice=first, reason="单位名称有误。", actor=officer)
    scoring.refresh_from_db()
    assert scoring.notice is None and scoring.state == "notice"
    post_again(round=scoring, actor=officer)
    scoring.refresh_from_db()
    assert scoring.notice.source == f"awards:{scoring.pk}:2" and scoring.notice.lines.count() == 2
    with pytest.raises(AwardRefused):
        post_again(round=scoring, actor=officer)


def test_a_vote_is_one_of_each_account_and_for_good(tree, cast, officer, judges):
    today = timezone.localdate()
    row = make_award_round(
        tree["city"], officer, state="shortlisting", vote_share=30, vote_from=today, vote_until=today,
        nominate_from=today - timedelta(days=9), nominate_until=today - timedelta(days=1), winners=1,
    )  # fmt: skip
    first, second = (
        make_nomination(row, cast.trainee.person),
        make_nomination(row, cast.outside_trainee.person),
    )
    shortlist_nominees(round=row, nomination_ids=[first.pk, second.pk], actor=officer)
    add_member(round=row, user=judges[0], actor=officer)
    start_judging(round=row, actor=officer)
    judge(row, {"林小荷": 90, "华清": 88})
    with pytest.raises(AwardRefused):
        end_judging(round=row, actor=officer)  # the vote comes first
    start_vote(round=row, actor=officer)
    for voter in (cast.supervisor, cast.instructor, cast.administrator):
        cast_vote(round=row, nomination=second, actor=voter)
    with pytest.raises(AwardRefused):
        cast_vote(round=row, nomination=first, actor=cast.supervisor)
    with pytest.raises(IntegrityError), transaction.atomic():
        AwardVote.objects.create(round=row, nomination=first, voter=cast.supervisor)
    with pytest.raises(DatabaseError), transaction.atomic():
        AwardVote.objects.update(nomination=first)
    with pytest.raises(AwardRefused):
        end_judging(round=row, actor=officer)  # it runs to the end of its day
    AwardRound.objects.filter(pk=row.pk).update(
        nominate_until=today - timedelta(days=3),
        vote_from=today - timedelta(days=2),
        vote_until=today - timedelta(days=1),
    )
    with pytest.raises(AwardRefused):
        cast_vote(round=row, nomination=first, actor=cast.auditor)
    end_judging(round=row, actor=officer)
    assert AwardResult.objects.get(rank=1).nomination == second


def test_what_was_announced_is_not_changed(tree, officer):
    row = make_award_round(tree["city"], officer)
    with pytest.raises(AwardRefused):
        save_round(round=row, indicators=[("服务成效", 100)], actor=officer)
    draft = make_award_round(tree["city"], officer, state="draft", year=2024)
    with pytest.raises(AwardRefused):
        save_round(round=draft, indicators=[("服务成效", 99)], actor=officer)
