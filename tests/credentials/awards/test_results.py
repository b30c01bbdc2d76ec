"""What a result leads to: the honour register, a place that an objection empties, and the claim for the honour."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from core.models import AuditEntry
from credentials.awards.actions import (
    AwardRefused,
    cancel_round,
    end_judging,
    post_again,
    reconcile,
)
from credentials.models import (
    AwardRound,
    AwardSuccession,
    Commendation,
)
from credentials.public_notices.actions import answer_objection, close_due_notices, withdraw_notice
from tests.credentials.awards.acts import MARKS, judge, notice_has_ended
from tests.factories import (
    give_role,
    make_conduct,
    make_objection,
    make_user,
)
from tests.factories.subsidies import make_subsidies

# --- Nominating -----------------------------------------------------------------------------------------------


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
