"""The public vote: one of each person, for good, and never for oneself."""

from __future__ import annotations

from datetime import timedelta

import pytest
import rules
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core.models import Person, User
from credentials.awards.actions import (
    AwardRefused,
    add_member,
    cast_vote,
    end_judging,
    nominate,
    shortlist_nominees,
    start_judging,
    start_vote,
)
from credentials.models import (
    AwardResult,
    AwardRound,
    AwardVote,
    Nomination,
)
from tests.credentials.awards.acts import facts, judge
from tests.factories import (
    make_award_round,
    make_nomination,
    make_user,
)

# --- Nominating -----------------------------------------------------------------------------------------------


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


def move_number(giver, taker):
    """One person's number goes from one of their accounts to the other, past the verbs."""
    number = giver.person.id_number
    for user, said in ((giver, ""), (taker, number)):
        user.person.set_id_number("resident_id", said)
        user.person.save()


def test_a_nominee_does_not_vote_for_themself_from_another_account(cast, voting):
    row, first, second = voting
    nominee = User.objects.get(pk=first.holder_id)
    Nomination.objects.filter(pk=first.pk).update(id_hash=nominee.person.id_hash)
    first.refresh_from_db()
    move_number(nominee, cast.instructor)

    with pytest.raises(AwardRefused, match="自己"):
        cast_vote(round=row, nomination=first, actor=cast.instructor)
    with pytest.raises(IntegrityError, match="from another account"), transaction.atomic():
        AwardVote.objects.create(
            round=row, nomination=first, voter=cast.instructor, id_hash=cast.instructor.person.id_hash
        )

    cast_vote(round=row, nomination=second, actor=cast.instructor)


def test_who_takes_part_in_a_round_with_a_vote_has_an_id_number_and_takes_part_once(tree, cast, officer):
    day = timezone.localdate() + timedelta(days=30)
    row = make_award_round(tree["city"], officer, vote_share=30, vote_from=day, vote_until=day)
    with pytest.raises(AwardRefused, match="证件号码"):
        nominate(round=row, person=cast.trainee.person, facts=facts("self"), actor=cast.trainee)
    give_number(cast.trainee, 7)

    made = nominate(round=row, person=cast.trainee.person, facts=facts("self"), actor=cast.trainee)

    made.refresh_from_db()
    assert made.id_hash == cast.trainee.person.id_hash != ""
    move_number(cast.trainee, cast.other_trainee)
    mate = User.objects.get(pk=cast.other_trainee.pk)
    with pytest.raises(AwardRefused, match="其他账号"):
        nominate(round=row, person=mate.person, facts=facts("self"), actor=mate)
