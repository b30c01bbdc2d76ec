"""Twenty hands at once: a claim is begun, handed in, decided, taken back, taken into a batch and shown in public once each."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction

from core.attachments.actions import keep_file
from core.models import AuditEntry, Person
from core.people.actions import IdRefused, remove_id_number
from core.states import IllegalMove, move
from credentials.claims import actions
from credentials.claims.queries.stamping import stamp_of
from credentials.claims.states import MOVES
from credentials.models import Claim, ClaimAppeal, ClaimReview, PublicNotice
from tests.factories import give_role, make_organisation, make_proof, make_qualification, make_user
from tests.factories.subsidies import make_approved, make_claim, make_reviewer, make_subsidies, pass_claim
from tests.lms.enrolments.test_concurrency import at_once

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def place():
    city = make_organisation("示例市民政局", tier="city", kind="bureau")
    station = make_organisation("新街社工站", city)
    officers = [make_reviewer(city, f"审核员{n}") for n in range(2)]
    trainee = make_user("林小荷", station)
    give_role(trainee, "trainee", station)
    return SimpleNamespace(
        city=city,
        station=station,
        officers=officers,
        person=trainee.person,
        version=make_subsidies(city, officers[0]),
    )


def quietly(act):
    """What came of it: True, or the refusal."""
    try:
        act()
    except (actions.ClaimRefused, IllegalMove):
        return False
    return True


def test_a_number_is_not_removed_beneath_a_claim_that_is_handed_in_at_the_same_moment(place):
    claim = make_claim(place.person, place.version)

    def remove():
        person = Person.objects.select_related("user").get(pk=place.person.pk)
        try:
            remove_id_number(person=person, actor=person.user)
        except IdRefused:
            return False
        return True

    acts = (lambda: quietly(lambda: actions.hand_in(claim=claim, actor=claim.holder)), remove)
    handed_in, removed = at_once(lambda act: act(), acts)
    claim.refresh_from_db()
    number = Person.objects.get(pk=place.person.pk).id_hash
    assert handed_in != removed
    assert (claim.state, claim.id_hash, number) == (
        ("review", number, claim.id_hash) if handed_in else ("draft", "", None)
    )


def test_of_two_devices_that_keep_the_same_draft_at_once_one_is_told_that_it_is_behind(place):
    claim = make_claim(place.person, place.version)
    stamp = stamp_of(claim)

    def keep(bank):
        return lambda: quietly(
            lambda: actions.save_draft(
                claim=claim, declared=claim.declared, bank=bank, account=None, agrees=True, consent_version="1",
                actor=claim.holder, stamp=stamp,
            )
        )  # fmt: skip

    banks = [f"示例银行第{n}支行" for n in range(4)]
    kept = list(at_once(lambda act: act(), [keep(bank) for bank in banks]))
    claim.refresh_from_db()
    assert kept.count(True) == 1 and claim.bank == banks[kept.index(True)]


def test_two_accounts_of_one_number_that_ask_for_two_levels_at_once_have_one_open_claim(place):
    """Past the verbs, which look first: whatever they have seen, the database takes one."""
    people = [place.person, *(make_user(f"账号{n}", place.station).person for n in range(3))]
    levels = ("assistant", "social_worker", "senior", "assistant")
    claims = [
        make_claim(person, place.version, level=level) for person, level in zip(people, levels, strict=True)
    ]

    def hand(claim):
        try:
            with transaction.atomic():
                move(claim, "review", MOVES, claimed_on="2026-01-01", id_hash="one-number")
        except IntegrityError:
            return False
        return True

    assert sum(at_once(hand, claims)) == 1
    assert Claim.objects.filter(id_hash="one-number", state="review").count() == 1


def test_an_appeal_upheld_and_a_claim_for_another_level_from_a_second_account_at_once_leave_one_open(place):
    first = make_claim(place.person, place.version, state="review")
    review(first, "refuse", place.officers[0])
    appeal = actions.appeal(claim=Claim.objects.get(pk=first.pk), words="请复核", actor=first.holder)
    number = Person.objects.get(pk=place.person.pk).id_number
    remove_id_number(person=Person.objects.get(pk=place.person.pk), actor=place.person.user)
    second = make_user("林小荷", place.station).person
    second.set_id_number("resident_id", number)
    second.save()
    other = make_claim(second, place.version, level="social_worker")
    acts = (
        lambda: actions.answer_appeal(
            appeal=ClaimAppeal.objects.get(pk=appeal.pk), upheld=True, answer="属实", actor=place.officers[1]
        ),
        lambda: actions.hand_in(claim=other, actor=second.user),
    )

    made = at_once(lambda act: quietly(act), acts)

    assert sum(made) == 1
    assert Claim.objects.filter(state="review").count() == 1


def test_one_stage_is_passed_once(place):
    claim = make_claim(place.person, place.version, state="review")
    made = at_once(lambda n: quietly(lambda: review(claim, "pass", place.officers[n % 2])), range(20))
    assert sum(made) == ClaimReview.objects.count() == 1


@pytest.mark.parametrize("other", ["withdraw", "return", "refuse"])
def test_of_a_pass_and_something_else_at_once_one_is_done(place, other):
    version = make_subsidies(place.city, place.officers[0], code="example-2021", notice=0)
    claim = make_claim(place.person, version, state="review")

    def second():
        if other == "withdraw":
            actions.withdraw_claim(claim=Claim.objects.get(pk=claim.pk), actor=claim.holder)
        else:
            review(claim, other, place.officers[1])

    acts = (lambda: review(claim, "pass", place.officers[0]), second)
    made = at_once(lambda n: quietly(acts[n % 2]), range(20))

    claim.refresh_from_db()
    verdicts = list(claim.reviews.values_list("verdict", flat=True))
    assert sum(made) == 1
    assert (claim.state, verdicts) in {
        "withdraw": [("approved", ["pass"]), ("withdrawn", [])],
        "return": [("approved", ["pass"]), ("returned", ["return"])],
        "refuse": [("approved", ["pass"]), ("refused", ["refuse"])],
    }[other]
    assert bool(claim.approved_by_id) == (claim.state == "approved")


def review(claim, verdict, officer):
    actions.review_claim(
        claim=Claim.objects.get(pk=claim.pk), stage=claim.stage, verdict=verdict, reason="不符", actor=officer
    )


def test_the_account_is_taken_back_or_paid_into_and_never_both(place):
    claim = make_approved(place.person, place.version, place.officers[0])
    acts = (
        lambda: actions.take_back_account(claim=claim, actor=claim.holder),
        lambda: actions.lock_for_payment(claim=claim, actor=place.officers[1]),
    )
    made = at_once(lambda n: quietly(acts[n % 2]), range(20))
    claim.refresh_from_db()
    assert any(made)
    assert (claim.state, bool(claim.account_sealed)) in (("locked", True), ("returned", False))


def test_taken_back_while_the_notice_ends_it_comes_back(place):
    from credentials.claims.actions.noticing import approve_noticed

    claim = make_approved(place.person, place.version, place.officers[0])
    Claim.objects.filter(pk=claim.pk).update(state="notice")
    acts = (
        lambda: actions.take_back_account(claim=claim, actor=claim.holder),
        lambda: approve_noticed(Claim.objects.get(pk=claim.pk), 0),
    )
    at_once(lambda n: quietly(acts[n % 2]), range(10))
    claim.refresh_from_db()
    assert (claim.state, claim.account_sealed, claim.approved_by) == ("returned", None, None)


def test_two_answer_one_appeal_once(place):
    claim = make_claim(place.person, place.version, state="review")
    third = make_reviewer(place.city, "复核员")
    review(claim, "refuse", place.officers[0])
    appeal = actions.appeal(claim=Claim.objects.get(pk=claim.pk), words="请复核", actor=claim.holder)
    answers = ((place.officers[1], True), (third, False))

    def answer(n):
        by, upheld = answers[n % 2]
        row = ClaimAppeal.objects.get(pk=appeal.pk)
        return quietly(lambda: actions.answer_appeal(appeal=row, upheld=upheld, answer="已核", actor=by))

    assert sum(at_once(answer, range(20))) == 1
    claim.refresh_from_db()
    appeal.refresh_from_db()
    assert (appeal.state, claim.state, claim.round) in (("upheld", "review", 2), ("dismissed", "refused", 1))


def test_of_one_person_one_claim_is_begun_and_handed_in_whoever_asks_and_wherever_they_work(place):
    """The same level, another level, and an officer of another organisation on behalf: one of them is open."""
    for level in ("assistant", "social_worker"):
        make_qualification(place.person, level, days_ago=60)
    elsewhere = make_organisation("邻街社工站", place.city)
    agency = make_reviewer(elsewhere, "邻街站长")
    proof = keep_file(upload=make_proof(), actor=agency)
    mine = {"person": place.person, "version": place.version, "benefit": "certificate"}
    acts = (
        lambda: actions.start_claim(**mine, key="assistant", actor=place.person.user),
        lambda: actions.start_claim(**mine, key="social_worker", actor=place.person.user),
        lambda: actions.start_claim(**mine, key="assistant", actor=agency, proof=proof),
        lambda: Person.objects.filter(pk=place.person.pk).update(employer=elsewhere),
    )
    made = at_once(lambda n: quietly(acts[n % 4]), range(20))
    assert any(made) and Claim.objects.count() == 1

    actions.withdraw_claim(claim=Claim.objects.get(), actor=Claim.objects.get().holder)
    Person.objects.filter(pk=place.person.pk).update(employer=place.station)
    claim = make_claim(place.person, place.version)
    hand = {"claim": claim, "actor": claim.holder}
    assert sum(at_once(lambda _n: quietly(lambda: actions.hand_in(**hand)), range(20))) == 1
    assert AuditEntry.objects.filter(action="credentials.hand_in").count() == 1


def test_two_who_open_a_notice_at_once_open_one(place):
    claim = pass_claim(make_claim(place.person, place.version, state="review"), place.officers[0])
    seen = actions.mark_of(actions.lines_of(actions.claims_to_post(place.version.subsidy)))
    made = at_once(
        lambda n: quietly(
            lambda: actions.post_claims(
                subsidy=place.version.subsidy,
                title="拟发放名单公示",
                contact="社会工作科",
                seen=seen,
                actor=place.officers[n % 2],
            )
        ),
        range(20),
    )
    claim.refresh_from_db()
    assert (sum(made), PublicNotice.objects.count(), claim.state) == (1, 1, "notice")
