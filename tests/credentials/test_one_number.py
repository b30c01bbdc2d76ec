"""Where a person's hash follows the form of the number, what keeps it follows as well, and stays guarded afterwards."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from core.migrations._hashes import change_hash
from core.people.sealed import identity_hash, lookup_hash
from credentials.models import AwardVote, Claim, PaymentEntry, PaymentLine
from credentials.payments.actions import close_batch
from tests.factories import make_award_round, make_nomination
from tests.factories.subsidies import (
    make_approved,
    make_claim_with_all,
    make_paid,
    make_payer,
    make_reviewer,
    make_subsidies,
)

NUMBER = "H12345678"  # of a travel permit, given as a passport's
NOW, BEFORE = (lambda: identity_hash("passport", NUMBER)), (lambda: lookup_hash("id", f"passport:{NUMBER}"))
pytestmark = pytest.mark.django_db


def migrated(*rows):
    """These rows with the hash of before, and the migration run."""
    migration = import_module("credentials.migrations.0032_one_number_one_person")
    with connection.cursor() as cursor:
        editor = SimpleNamespace(connection=connection, execute=cursor.execute)
        for each in migration.guards_of():
            each[1](None, editor)
        for row in rows:
            type(row).objects.filter(pk=row.pk).update(id_hash=BEFORE())
        for each in migration.guards_of():
            each[0](None, editor)

        migration.follow(apps, editor)


def hashes(*rows):
    return {type(row).objects.values_list("id_hash", flat=True).get(pk=row.pk) for row in rows}


def give_number(person):
    person.set_id_number("passport", NUMBER)
    person.save()


@pytest.fixture
def kept(tree, cast):
    """What keeps the hash of a trainee whose number was given as a passport's: claim, ledger, nomination and vote."""
    person = cast.trainee.person
    version = make_subsidies(tree["city"], cast.city_administrator)
    claim = make_claim_with_all(person, version, cast.city_administrator)
    row = make_award_round(tree["city"], cast.city_administrator, state="voting")
    mine = make_nomination(row, person, id_hash=BEFORE())
    other = make_nomination(row, cast.other_trainee.person)
    vote = AwardVote.objects.create(round=row, nomination=other, voter=cast.trainee, id_hash=BEFORE())
    give_number(person)
    return SimpleNamespace(
        person=person,
        claim=claim,
        entry=PaymentEntry.objects.get(claim=claim),
        mine=mine,
        other=other,
        vote=vote,
    )


def pay(tree, cast, person):
    """A line that was paid to this person, in a batch that was closed."""
    version = make_subsidies(tree["city"], cast.city_administrator, code="paid", notice=0)
    claim = make_approved(person, version, make_reviewer(tree["city"]))
    builder, second = (make_payer(tree["city"], name) for name in ("制表人", "审核人"))
    line = make_paid(claim, built_by=builder, released_by=second)
    close_batch(batch=line.batch, actor=builder)
    return line


def test_claims_ledger_and_votes_are_found_by_the_number_as_their_person_is(kept, capsys):
    assert kept.person.id_hash == NOW() != BEFORE()

    migrated(kept.claim, kept.entry)

    assert hashes(kept.claim, kept.entry, kept.mine, kept.vote) == {NOW()}
    assert capsys.readouterr().out == ""
    for rows in (
        Claim.objects.filter(pk=kept.claim.pk),
        PaymentEntry.objects.all(),
        AwardVote.objects.all(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(id_hash=BEFORE())


def test_a_line_of_a_closed_batch_follows_and_never_changes_afterwards(tree, cast):
    give_number(cast.trainee.person)
    line = pay(tree, cast, cast.trainee.person)

    migrated(line, line.claim)

    assert hashes(line, line.claim) == {NOW()}
    rows = PaymentLine.objects.filter(pk=line.pk)
    for change in ({"id_hash": BEFORE()}, {"released_by": cast.administrator}, {"remark": "改"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)


def test_nothing_of_somebody_goes_to_another_account_that_has_the_number_already(tree, cast, kept):
    """Their person has kept the hash of before: so has what is theirs, also the lines that were paid to them."""
    line = pay(tree, cast, kept.person)
    type(kept.person).objects.filter(pk=kept.person.pk).update(id_hash=BEFORE())
    cast.other_trainee.person.set_id_number("hk_macao_permit", NUMBER)
    cast.other_trainee.person.save()
    assert cast.other_trainee.person.id_hash == NOW()

    migrated(kept.claim, kept.entry, line, line.claim)

    assert hashes(kept.claim, kept.entry, kept.mine, kept.vote, line, line.claim) == {BEFORE()}


def test_of_several_rows_only_the_one_that_would_stand_twice_stays_and_is_named(tree, cast, kept, capsys):
    AwardVote.objects.create(
        round=kept.vote.round, nomination=kept.mine, voter=cast.outside_trainee, id_hash=NOW()
    )
    row = make_award_round(tree["city"], cast.city_administrator, state="voting")
    later = AwardVote.objects.create(
        round=row,
        nomination=make_nomination(row, cast.other_trainee.person),
        voter=cast.trainee,
        id_hash=BEFORE(),
    )

    migrated(kept.claim)

    assert hashes(kept.vote) == {BEFORE()}
    assert hashes(later, kept.claim, kept.mine) == {NOW()}
    said = capsys.readouterr().out
    assert (
        f"credentials.AwardVote: 1 times another account has the same ID number. These rows stay as they were: {kept.vote.pk:06}."
        in said
    )
    assert "docs/operators.md" in said and NUMBER not in said and BEFORE() not in said and NOW() not in said


def test_what_a_guard_refuses_stops_the_migration(kept):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change_hash(AwardVote.objects.all(), BEFORE(), NOW())
