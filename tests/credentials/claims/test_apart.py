"""Applicant, reviewer, approver, payer: never one person twice. The acts refuse it, and so does the database by itself."""

from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core.attachments.actions import keep_file
from core.states import Refused
from credentials.claims import actions
from credentials.claims.models import Claim, ClaimAppeal, ClaimReview
from tests.factories import give_role, make_proof
from tests.factories.subsidies import (
    ACCOUNT,
    make_approved,
    make_batch,
    make_claim,
    make_payer,
    make_reviewer,
    make_subsidies,
    pass_claim,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(tree, cast):
    """A claim in review at the city, one that was refused and appealed against, and one that is approved."""
    version = make_subsidies(tree["city"], cast.city_administrator, notice=0)
    station, friend = make_reviewer(tree["station"], "站长"), make_reviewer(tree["city"], "同学")
    claim = make_claim(cast.trainee.person, version, state="review")
    pass_claim(claim, station, cast.administrator)
    actions.declare_claim_conflict(claim=claim, words="同学", actor=friend)
    refused = make_claim(cast.other_trainee.person, version, state="review")
    pass_claim(refused, station)
    actions.review_claim(
        claim=refused, stage="county", verdict="refuse", reason="不在岗", actor=cast.administrator
    )
    appeal = actions.appeal(
        claim=Claim.objects.get(pk=refused.pk), words="一直在岗", actor=cast.other_trainee
    )
    approver = make_reviewer(tree["city"], "审批人")
    approved = make_approved(cast.outside_trainee.person, version, approver)
    return SimpleNamespace(
        version=version, claim=claim, refused=refused, appeal=appeal, approved=approved, approver=approver,
        station=station, county=cast.administrator, city=cast.city_administrator, friend=friend, cast=cast, tree=tree,
    )  # fmt: skip


def again(user):
    """The account as the next request reads it."""
    return type(user).objects.get(pk=user.pk)


def is_refused(act, error=IntegrityError):
    try:
        with transaction.atomic():
            act()
    except error:
        return True
    return False


def test_of_a_claim_nobody_does_two_parts_and_of_their_own_none(story):
    claim, tree = story.claim, story.tree
    for user in (claim.holder, story.station, story.county, story.cast.other_trainee):
        give_role(user, "administrator", tree["city"])  # they may decide there, but not about this one
    holder, other = again(claim.holder), again(story.cast.other_trainee)
    story.station, story.county = again(story.station), again(story.county)
    claim.refresh_from_db()
    proof = keep_file(upload=make_proof(), actor=story.city)
    stage = {"claim": claim, "stage": "city"}
    refused = (
        *(lambda by=by: actions.review_claim(**stage, verdict="pass", actor=by)
          for by in (holder, story.station, story.county, story.friend)),
        *(lambda by=by, verdict=verdict: actions.review_claim(**stage, verdict=verdict, reason="退回", actor=by)
          for by in (holder, story.friend) for verdict in ("return", "refuse")),
        *(lambda by=by: actions.answer_appeal(appeal=story.appeal, upheld=True, answer="属实", actor=by)
          for by in (other, story.station, story.county)),
        lambda: actions.appeal(claim=story.refused, words="代为申诉", actor=story.city),
        *(lambda by=by: actions.withdraw_claim(claim=claim, actor=by) for by in (story.city, story.county)),
        lambda: actions.take_back_account(claim=claim, actor=story.city),
        lambda: actions.correct_account(
            claim=story.approved, bank="x", account=ACCOUNT, consent_version="1", actor=story.city
        ),
        lambda: actions.print_claim(claim=claim, actor=story.city),
        lambda: actions.start_claim(
            person=claim.person, version=story.version, benefit="commended", key="x", actor=story.city
        ),
        lambda: actions.enter_earlier_payment(
            person=claim.person, actor=holder,
            earlier=actions.Earlier(
                authority=tree["city"], policy="x", benefit="certificate", key="", amount=1, on=timezone.localdate(), words="",
                proof=proof,
            ),
        ),
    )  # fmt: skip
    for number, act in enumerate(refused):
        assert is_refused(act, Refused), f"the act in place {number} was done"
    assert (claim.reviews.count(), Claim.objects.get(pk=claim.pk).state) == (2, "review")


def test_who_enters_a_claim_decides_nothing_about_it(story):
    proof = keep_file(upload=make_proof(), actor=story.city)
    entered = Claim.objects.create(
        person=story.cast.instructor.person, holder=story.cast.instructor, version=story.version, authority=story.tree["city"],
        employer=story.tree["station"], family="x", benefit="certificate", key="senior", entered_by=story.city, proof=proof,
        state="review", stage="city", claimed_on=timezone.localdate(),
    )  # fmt: skip
    with pytest.raises(Refused):
        actions.review_claim(claim=entered, stage="city", verdict="pass", actor=story.city)
    with pytest.raises(IntegrityError), transaction.atomic():
        entered.reviews.create(holder=entered.holder, stage="city", verdict="pass", by=story.city)
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=entered.pk).update(approved_by=story.city)


def sql(words, *values):
    """The statement was refused by the database, whatever the code above it thinks."""
    with connection.cursor() as cursor:
        assert is_refused(lambda: cursor.execute(words, values)), (words, values)


def test_the_database_refuses_it_by_itself(story):
    claim, approved, appeal = story.claim, story.approved, story.appeal
    for column, value in (
        ("approved_by_id", claim.holder_id),  # their own
        ("approved_by_id", story.station.pk),  # passed an earlier stage
        ("approved_by_id", story.friend.pk),  # declared to be too close
        ("holder_id", story.city.pk),  # whose it is
        ("person_id", story.city.person.pk),
        ("benefit", "commended"),
        ("lane", "x"),
        ("entered_by_id", story.city.pk),
    ):
        sql(f"UPDATE credentials_claim SET {column} = %s WHERE id = %s", value, claim.pk)
    for column, value in (
        ("amount", 3000),
        ("approved_by_id", approved.holder_id),
        ("approved_by_id", story.city.pk),  # somebody else than who approved it
        ("claimed_on", "2020-01-01"),
        ("decision", "{}"),
        ("approved_by_id", None),
        ("account_sealed", None),
    ):
        sql(f"UPDATE credentials_claim SET {column} = %s WHERE id = %s", value, approved.pk)
    review = claim.reviews.first()
    for column, value in (("by_id", story.city.pk), ("verdict", "refuse"), ("holder_id", story.city.pk)):
        sql(f"UPDATE credentials_claimreview SET {column} = %s WHERE id = %s", value, review.pk)
    for who in (claim.holder, story.friend, story.station):
        with pytest.raises(IntegrityError), transaction.atomic():
            claim.reviews.create(holder=claim.holder, stage="city", verdict="pass", by=who)
    with pytest.raises(IntegrityError), transaction.atomic():  # said to be the claim of somebody else
        claim.reviews.create(holder=story.city, stage="city", verdict="pass", by=claim.holder)
    with pytest.raises(IntegrityError), transaction.atomic():  # refused it before
        story.refused.reviews.create(
            holder=story.refused.holder, round=2, stage="city", verdict="pass", by=story.county
        )
    decided = (
        "UPDATE credentials_claimappeal SET state = 'upheld', answer = 'x', decided_by_id = %s WHERE id = %s"
    )
    for who in (appeal.holder, story.county, story.station):
        sql(decided, who.pk, appeal.pk)
    sql("UPDATE credentials_claimappeal SET refused_by_id = %s WHERE id = %s", story.city.pk, appeal.pk)
    actions.answer_appeal(appeal=appeal, upheld=False, answer="考勤不符", actor=story.city)
    sql("UPDATE credentials_claimappeal SET state = 'open', decided_by_id = NULL WHERE id = %s", appeal.pk)
    paper = claim.papers.first()
    sql("UPDATE credentials_claimpaper SET file_id = %s WHERE id = %s", claim.papers.last().file_id, paper.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClaimAppeal.objects.create(
            claim=claim, against=ClaimReview.objects.first(), holder=claim.holder, refused_by=story.city, words="x"
        )  # fmt: skip


def test_the_payer_is_none_of_them(story):
    builder, releaser = (make_payer(story.tree["city"], name) for name in ("制表人", "审核人"))
    for user in (story.approver, story.approved.holder):
        give_role(user, "finance", story.tree["city"])
    batch = make_batch(story.approved, built_by=builder, state="locked")
    line = batch.lines.get()
    for who in (story.approved.holder, story.approver, builder):
        sql("UPDATE credentials_paymentline SET released_by_id = %s WHERE id = %s", who.pk, line.pk)
    sql("UPDATE credentials_paymentline SET approver_id = %s WHERE id = %s", releaser.pk, line.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        story.approved.entries.create(
            person=story.approved.person, holder=story.approved.holder, authority=story.approved.authority, kind="paid",
            benefit="certificate", amount=500, on=timezone.localdate(), source="x", entered_by=story.approved.holder,
        )  # fmt: skip


@pytest.mark.parametrize("round", [2, 3])
def test_nobody_passes_another_stage_in_a_later_round_and_everybody_their_own_again(story, round):
    claim, again = story.claim, {"holder": story.claim.holder, "round": round, "verdict": "pass"}
    for who, stage in (
        (story.station, "county"),
        (story.station, "city"),
        (story.county, "employer"),
        (story.county, "city"),
    ):
        with pytest.raises(IntegrityError, match="nobody decides twice"), transaction.atomic():
            claim.reviews.create(**again, stage=stage, by=who)

    claim.reviews.create(**again, stage="employer", by=story.station)
    claim.reviews.create(**again, stage="county", by=story.county)


def test_a_claim_that_begins_anew_is_passed_by_the_same_people_at_their_stages(story):
    claim = story.claim
    Claim.objects.filter(pk=claim.pk).update(round=2, stage="employer")
    claim = Claim.objects.get(pk=claim.pk)
    give_role(story.station, "administrator", story.tree["district"])

    pass_claim(claim, again(story.station))

    assert claim.stage == "county"
    with pytest.raises(Refused):
        pass_claim(claim, again(story.station))
    assert pass_claim(claim, again(story.county)).stage == "city"


def test_who_has_answered_an_appeal_reviews_no_more(story):
    actions.answer_appeal(appeal=story.appeal, upheld=True, answer="属实", actor=story.city)
    claim = Claim.objects.get(pk=story.refused.pk)
    with pytest.raises(IntegrityError, match="nobody decides twice"), transaction.atomic():
        claim.reviews.create(holder=claim.holder, round=2, stage="city", verdict="pass", by=story.city)
