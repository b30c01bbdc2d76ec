"""The verbs of an award round, from its draft to the honour register."""

from __future__ import annotations

from datetime import timedelta

import pytest
import rules
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core.models import Person, User
from core.states import IllegalMove
from credentials.awards.actions import (
    AwardRefused,
    accept_nomination,
    add_member,
    cast_vote,
    declare_conflicts,
    decline_nomination,
    end_judging,
    end_nominations,
    give_scores,
    nominate,
    save_round,
    shortlist_nominees,
    start_judging,
    start_vote,
)
from credentials.awards.queries import judged_by, places_of
from credentials.models import (
    AwardResult,
    AwardRound,
    AwardVote,
    Nomination,
    PanelConflict,
    PanelScore,
)
from tests.credentials.awards.acts import DEEDS, MARKS, facts, judge
from tests.factories import (
    make_award_round,
    make_conduct,
    make_nomination,
    make_qualification,
    make_user,
)

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


@pytest.fixture
def voting(tree, cast, officer, judges):
    """A round of the city whose vote is open today, two on its shortlist; everybody of the cast has an ID number."""
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
    for number, user in enumerate(vars(cast).values()):
        give_number(user, number)
    return AwardRound.objects.select_related("organisation").get(pk=row.pk), first, second


def give_number(user, number):
    """An ID number, past the verbs, as the account reads it."""
    user.person.set_id_number("resident_id", f"12019919900101{number:04}")
    user.person.save()


def test_a_vote_is_one_of_each_person_and_for_good(cast, officer, voting):
    row, first, second = voting
    today = timezone.localdate()
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


def test_a_vote_asks_the_permission_table(cast, voting):
    row, first, _second = voting
    kept = rules.permissions.permissions["credentials.vote_awardround"]
    assert kept.test(cast.supervisor, row) and not kept.test(make_user("无号"), row)
    rules.set_perm("credentials.vote_awardround", rules.always_deny)
    try:
        with pytest.raises(AwardRefused):
            cast_vote(round=row, nomination=first, actor=cast.supervisor)
    finally:
        rules.set_perm("credentials.vote_awardround", kept)


def test_one_person_votes_once_whatever_accounts_they_have(cast, voting):
    row, first, second = voting
    cast_vote(round=row, nomination=first, actor=cast.supervisor)
    number = cast.supervisor.person.id_number
    cast.supervisor.person.set_id_number("resident_id", "")
    cast.supervisor.person.save()
    cast.instructor.person.set_id_number("resident_id", number)
    cast.instructor.person.save()

    with pytest.raises(AwardRefused, match="其他账号"):
        cast_vote(round=row, nomination=second, actor=cast.instructor)

    kept = AwardVote.objects.get().id_hash
    assert kept == cast.instructor.person.id_hash
    with pytest.raises(IntegrityError), transaction.atomic():
        AwardVote.objects.create(round=row, nomination=second, voter=cast.instructor, id_hash=kept)


def test_whoever_has_no_id_number_works_elsewhere_or_is_the_nominee_does_not_vote(client, tree, cast, voting):
    row, first, second = voting
    elsewhere = make_user("路人甲", tree["province"])
    give_number(elsewhere, 99)
    page = reverse("credentials:award-vote", args=[row.pk])
    client.force_login(cast.auditor)
    assert f"#vote-{first.pk}" in client.get(page).content.decode()
    Person.objects.filter(pk=cast.auditor.person.pk).update(id_hash=None, id_sealed=None)
    auditor = User.objects.get(pk=cast.auditor.pk)

    for actor, words in ((elsewhere, "范围内"), (auditor, "证件号码"), (first.person.user, "自己")):
        with pytest.raises(AwardRefused, match=words):
            cast_vote(round=row, nomination=first, actor=actor)
    with pytest.raises(IntegrityError, match="votes for themselves"), transaction.atomic():
        AwardVote.objects.create(round=row, nomination=first, voter=first.person.user)

    text = client.get(page).content.decode()
    assert "请先在个人资料中填写" in text and f"#vote-{first.pk}" not in text
    client.post(page, {"chosen": first.pk})
    assert not AwardVote.objects.exists()
    client.force_login(first.person.user)
    text = client.get(page).content.decode()
    assert f"#vote-{first.pk}" not in text and f"#vote-{second.pk}" in text
    cast_vote(round=row, nomination=second, actor=first.person.user)


def test_what_was_announced_is_not_changed(tree, officer):
    row = make_award_round(tree["city"], officer)
    with pytest.raises(AwardRefused):
        save_round(round=row, indicators=[("服务成效", 100)], actor=officer)
    draft = make_award_round(tree["city"], officer, state="draft", year=2024)
    with pytest.raises(AwardRefused):
        save_round(round=draft, indicators=[("服务成效", 99)], actor=officer)
