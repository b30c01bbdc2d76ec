"""A claim is decided and paid for whom it was handed in, and the same person claims the same once, whatever accounts they have."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from core.models import Person
from core.people.actions import IdRefused, NameKept, remove_id_number, save_profile, set_id_number
from core.people.policy import check_character
from core.states import move
from credentials.claims import actions
from credentials.claims.actions import ClaimRefused
from credentials.claims.models import Claim
from credentials.claims.queries.identity import identity_of
from credentials.claims.states import MOVES
from tests.factories.subsidies import make_claim, make_reviewer, pass_claim

pytestmark = pytest.mark.django_db


def number_of(seventeen="42100219900307001"):
    return seventeen + check_character(seventeen)


def set_number(person, number):
    person.refresh_from_db()
    set_id_number(person=person, id_type="resident_id", number=number, consent_version="1", actor=person.user)


def remove_number(person):
    person.refresh_from_db()
    remove_id_number(person=person, actor=person.user)


def give_number(person, number):
    """Past the verbs, as where it was changed before somebody looked."""
    person.refresh_from_db()
    person.set_id_number("resident_id", number)
    person.save()


def test_name_and_number_stay_while_a_claim_is_underway(client, version, me):
    set_number(me, number_of())
    claim = make_claim(me, version, state="review")
    before = Person.objects.get(pk=me.pk)

    with pytest.raises(IdRefused, match=claim.serial):
        remove_number(me)
    with pytest.raises(IdRefused, match=claim.serial):
        set_number(me, number_of("42100219900307003"))
    renamed = Person.objects.get(pk=me.pk)
    renamed.name = "赵冒名"
    with pytest.raises(NameKept):
        save_profile(person=renamed, actor=renamed.user)
    set_number(me, number_of())  # the same once more
    page = client.post(reverse("core:profile-id-remove"), follow=True)
    assert claim.serial in page.content.decode() and page.status_code == 200
    new = {
        "id_type": "resident_id",
        "number": number_of("42100219900307003"),
        "agrees": "on",
        "consent": "on",
    }
    assert claim.serial in client.post(reverse("core:profile-id"), new).content.decode()
    assert identity_of(Person.objects.get(pk=me.pk)) == identity_of(before)

    actions.withdraw_claim(claim=claim, actor=me.user)
    remove_number(me)
    assert Person.objects.get(pk=me.pk).id_hash is None


def test_handed_in_again_for_somebody_else_it_is_reviewed_from_the_first_stage(tree, cast, version, me):
    station = make_reviewer(tree["station"], "站长")
    claim = make_claim(me, version, state="review")
    before, first = claim.id_hash, claim.stage
    pass_claim(claim, station)
    last = claim.stage
    actions.review_claim(claim=claim, stage=last, verdict="return", reason="更正", actor=cast.administrator)
    claim = actions.hand_in(claim=claim, actor=me.user)
    assert (claim.stage, claim.round, claim.id_hash) == (last, 1, before)  # nothing has changed: it goes on

    actions.review_claim(claim=claim, stage=last, verdict="return", reason="更正", actor=cast.administrator)
    set_number(me, number_of())
    claim = actions.hand_in(claim=claim, actor=me.user)

    assert (claim.stage, claim.round) == (first, 2) and last != first
    assert claim.id_hash == Person.objects.get(pk=me.pk).id_hash != before


def test_no_stage_passes_a_claim_whose_person_is_another_by_now(tree, version, me):
    station = make_reviewer(tree["station"], "站长")
    claim = make_claim(me, version, state="review")
    give_number(me, number_of())
    with pytest.raises(ClaimRefused, match="变更"):
        pass_claim(claim, station)
    actions.review_claim(claim=claim, stage=claim.stage, verdict="return", reason="证件有变", actor=station)
    again = actions.hand_in(claim=claim, actor=me.user)
    pass_claim(again, station)
    assert again.state == "review" and again.stage != claim.stage


def test_the_same_person_claims_the_same_once_from_two_accounts(cast, version, me):
    first = make_claim(me, version, state="review")
    number = Person.objects.get(pk=me.pk).id_number
    move(first, "returned", MOVES, reason="更正")
    remove_number(me)
    second = cast.other_trainee.person
    give_number(second, number)
    for level in ("assistant", "social_worker"):  # the higher one would be paid without the difference
        claim = make_claim(second, version, level=level)
        with pytest.raises(ClaimRefused, match=first.serial):
            actions.hand_in(claim=claim, actor=second.user)
        actions.withdraw_claim(claim=claim, actor=second.user)

    claim = make_claim(second, version)
    with pytest.raises(IntegrityError), transaction.atomic():  # whatever the code above thinks
        move(claim, "review", MOVES, claimed_on="2026-01-01", id_hash=first.id_hash)
    actions.withdraw_claim(claim=first, actor=me.user)
    claim.refresh_from_db()
    assert actions.hand_in(claim=claim, actor=second.user).state == "review"


def test_the_database_takes_no_other_level_from_a_second_account_while_one_is_open(cast, version, me):
    """A higher level would be granted whole instead of the difference. What was paid is taken off (payments, test_late)."""
    first = make_claim(me, version, state="review")
    move(first, "returned", MOVES, reason="更正")
    other = make_claim(cast.other_trainee.person, version, level="social_worker")

    rows = Claim.objects.filter(pk=other.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(state="review", claimed_on="2026-01-01", id_hash=first.id_hash)
    rows.update(state="review", claimed_on="2026-01-01", id_hash="another")


@pytest.mark.once
def test_only_what_counts_against_it_is_told_as_such_when_the_database_refuses_a_new_round(
    tree, cast, version, me
):
    """Anything else goes on: nobody is told of another claim that is none."""
    claim = make_claim(me, version, state="review")
    officer = make_reviewer(tree["district"], "区二")
    actions.review_claim(claim=claim, stage=claim.stage, verdict="refuse", reason="不在岗", actor=officer)
    appeal = actions.appeal(claim=Claim.objects.get(pk=claim.pk), words="在岗", actor=me.user)
    answer = {"appeal": appeal, "upheld": True, "answer": "属实", "actor": cast.city_administrator}
    drop, again = (
        "DROP TRIGGER refuse_all",
        """CREATE TRIGGER refuse_all BEFORE UPDATE ON credentials_claim
        WHEN NEW.round > 1 BEGIN SELECT RAISE(ABORT, 'something else'); END""",
    )
    with connection.cursor() as cursor:
        cursor.execute(again)
        with pytest.raises(IntegrityError, match="something else"), transaction.atomic():
            actions.answer_appeal(**answer)
        cursor.execute(drop)

    appeal.refresh_from_db()
    actions.answer_appeal(**answer | {"appeal": appeal})
    assert Claim.objects.get(pk=claim.pk).round == 2


def test_an_appeal_reopens_nothing_that_was_claimed_from_a_second_account_meanwhile(tree, cast, version, me):
    first = make_claim(me, version, state="review")
    number = Person.objects.get(pk=me.pk).id_number
    officer = make_reviewer(tree["district"], "区二")
    stage = {"claim": first, "stage": first.stage, "actor": officer}
    actions.review_claim(**stage, verdict="refuse", reason="不在岗")
    appeal = actions.appeal(claim=Claim.objects.get(pk=first.pk), words="在岗", actor=me.user)
    remove_number(me)
    second = cast.other_trainee.person
    give_number(second, number)
    actions.hand_in(claim=make_claim(second, version, level="social_worker"), actor=second.user)

    with pytest.raises(ClaimRefused, match="另有申领"):
        actions.answer_appeal(appeal=appeal, upheld=True, answer="属实", actor=cast.city_administrator)
    assert Claim.objects.get(pk=first.pk).state == "refused"


def test_the_database_keeps_for_whom_a_claim_was_handed_in(version, me):
    claim = make_claim(me, version)
    rows = Claim.objects.filter(pk=claim.pk)
    rows.update(name="稿", id_hash="")  # a draft is worked on
    actions.hand_in(claim=claim, actor=me.user)
    assert rows.values("name", "id_hash").get() == identity_of(Person.objects.get(pk=me.pk))
    for change in ({"name": "赵冒名"}, {"id_hash": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
        with pytest.raises(IntegrityError), transaction.atomic():  # nor on the way back
            rows.update(state="returned", reason="更正", **change)


@pytest.mark.once
def test_the_migration_names_the_open_claims_of_one_person_and_none_of_their_numbers(cast, version, me):
    """Past the constraint that it is about to set."""
    migration = import_module("credentials.migrations.0028_one_claim_an_identity")
    first = make_claim(me, version, state="review")
    migration.stop_for_pairs(apps, None)
    rows = Claim.objects.filter(pk=make_claim(cast.other_trainee.person, version, level="social_worker").pk)
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX claim_one_open_an_identity")
        cursor.execute("DROP TRIGGER credentials_claim_one_account")
    rows.update(state="review", claimed_on="2026-01-01", id_hash=first.id_hash)

    with pytest.raises(ValueError, match=f"^1 times .* {first.pk:06}, {rows.get().pk:06}\\.") as stopped:
        migration.stop_for_pairs(apps, None)

    assert "restore the backup of before" in str(stopped.value)  # 0027 has committed its columns by then
    assert "docs/operators.md" in str(stopped.value) and first.id_hash not in str(stopped.value)
