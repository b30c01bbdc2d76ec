"""Twenty at once: one vote of each account, no more nominations than the quota, one result, one successor for one place."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import close_old_connections, connection
from django.utils import timezone

from core.states import IllegalMove, Refused
from credentials.awards.actions import (
    NominationFacts,
    add_member,
    cast_vote,
    declare_conflicts,
    end_judging,
    give_scores,
    nominate,
    shortlist_nominees,
    start_judging,
)
from credentials.models import (
    AwardResult,
    AwardRound,
    AwardSuccession,
    AwardVote,
    Commendation,
    Nomination,
    PublicNotice,
)
from credentials.public_notices.actions import answer_objection, close_due_notices, reconcile
from tests.factories import (
    give_role,
    make_award_round,
    make_nomination,
    make_objection,
    make_organisation,
    make_user,
)

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
MANY = 20


def at_once(acts):
    """What became of each: "done", or why not."""
    together = Barrier(len(acts))

    def alone(act):
        close_old_connections()
        try:
            together.wait(30)
            act()
        except (Refused, IllegalMove) as refusal:
            return type(refusal).__name__
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(alone, acts))


@pytest.fixture
def place():
    return make_organisation("示例市民政局", tier="city", kind="bureau")


@pytest.fixture
def officer(place):
    user = make_user("解安", place)
    give_role(user, "administrator", place)
    return user


@pytest.fixture
def judged(place, officer):
    """Three on the shortlist for one place, judged by one."""
    station = make_organisation("新街社工站", place)
    row = make_award_round(place, officer, state="shortlisting", winners=1)
    for name in ("林小荷", "周一鸣", "华清"):
        make_nomination(row, make_user(name, station).person)
    chosen = list(row.nominations.values_list("pk", flat=True))
    shortlist_nominees(round=row, nomination_ids=chosen, actor=officer)
    member = add_member(round=row, user=make_user("尉迟明", place), actor=officer)
    start_judging(round=row, actor=officer)
    declare_conflicts(member=member, nomination_ids=[], actor=member.user)
    indicators = list(row.indicators.values_list("pk", flat=True))
    for number, one in enumerate(row.nominations.order_by("pk")):
        values = dict.fromkeys(indicators, 90 - number)
        give_scores(member=member, nomination=one, values=values, actor=member.user)
    return row


def voter_of(name, place, number):
    voter = make_user(name, place)
    voter.person.set_id_number("resident_id", f"12019919900101{number:04}")
    voter.person.save()
    return voter


def test_twenty_votes_of_one_account_are_one_and_of_twenty_people_are_twenty(place, officer, judged):
    today = timezone.localdate()
    AwardRound.objects.filter(pk=judged.pk).update(
        state="voting", vote_share=30, nominate_from=today - timedelta(days=9),
        nominate_until=today - timedelta(days=3), vote_from=today - timedelta(days=1), vote_until=today,
    )  # fmt: skip
    judged.refresh_from_db()
    first, second, _third = judged.nominations.order_by("pk")
    voter = voter_of("王一", place, 0)
    said = at_once(
        [
            lambda one=one: cast_vote(round=judged, nomination=one, actor=voter)
            for one in (first, second) * (MANY // 2)
        ]
    )
    assert said.count("done") == 1 and AwardVote.objects.count() == 1
    voters = [voter_of(f"王{chr(0x4E00 + number)}", place, number + 1) for number in range(MANY)]
    said = at_once([lambda one=one: cast_vote(round=judged, nomination=second, actor=one) for one in voters])
    assert said == ["done"] * MANY and AwardVote.objects.count() == MANY + 1


def test_twenty_nominations_of_one_organisation_fill_its_quota_and_no_more(place, officer):
    station = make_organisation("新街社工站", place)
    row = make_award_round(place, officer, quota=3)
    people = [make_user(f"李{chr(0x4E00 + number)}", station).person for number in range(MANY)]
    facts = NominationFacts("organisation", "十年如一日服务独居老人。")
    said = at_once(
        [lambda one=one: nominate(round=row, person=one, facts=facts, actor=officer) for one in people]
    )
    assert said.count("done") == 3
    assert sorted(Nomination.objects.values_list("place", flat=True)) == [1, 2, 3]


def test_a_result_is_frozen_once_and_one_moves_up_for_one_place(place, officer, judged):
    said = at_once([lambda: end_judging(round=judged, actor=officer)] * MANY)
    assert said.count("done") == 1
    assert sorted(AwardResult.objects.values_list("rank", flat=True)) == [1, 2, 3]
    judged.refresh_from_db()
    objection = make_objection(judged.notice, 1)
    last = timezone.localdate() - timedelta(days=1)
    PublicNotice.objects.update(starts_on=last - timedelta(days=9), ends_on=last)
    answer_objection(objection=objection, upheld=True, answer="材料不实。", actor=officer)
    at_once([close_due_notices, reconcile] * (MANY // 2))
    judged.refresh_from_db()
    up = AwardSuccession.objects.get()
    assert (up.result.rank, up.instead_of.rank, judged.state) == (2, 1, "notice")
    assert PublicNotice.objects.count() == 2
    assert list(judged.notice.lines.values_list("name", flat=True)) == [up.result.nomination.person.name]
    PublicNotice.objects.update(starts_on=last - timedelta(days=9), ends_on=last)
    at_once([close_due_notices, reconcile] * (MANY // 2))
    judged.refresh_from_db()
    assert judged.state == "decided"
    assert Commendation.objects.get().person == up.result.nomination.person
