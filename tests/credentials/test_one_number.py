"""Where a person's hash follows the form of the number, what keeps it follows as well, and stays guarded afterwards."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from core.people.sealed import identity_hash, lookup_hash
from credentials.models import AwardVote, Claim, PaymentEntry
from tests.factories import make_award_round, make_nomination
from tests.factories.subsidies import make_claim_with_all, make_subsidies

NUMBER = "H12345678"  # of a travel permit, given as a passport's


def test_claims_ledger_and_votes_are_found_by_the_number_as_their_person_is(tree, cast):
    now, before = identity_hash("passport", NUMBER), lookup_hash("id", f"passport:{NUMBER}")
    person = cast.trainee.person
    version = make_subsidies(tree["city"], cast.city_administrator)
    claim = make_claim_with_all(person, version, cast.city_administrator)
    row = make_award_round(tree["city"], cast.city_administrator, state="voting")
    mine = make_nomination(row, person, id_hash=before)
    other = make_nomination(row, cast.other_trainee.person)
    AwardVote.objects.create(round=row, nomination=other, voter=cast.trainee, id_hash=before)
    person.set_id_number("passport", NUMBER)
    person.save()
    entry = PaymentEntry.objects.get(claim=claim)
    assert person.id_hash == now != before
    follow, guards_of = (
        getattr(import_module("credentials.migrations.0032_one_number_one_person"), name)
        for name in ("follow", "guards_of")
    )
    with connection.cursor() as cursor:
        editor = SimpleNamespace(connection=connection, execute=cursor.execute)
        for each in guards_of():
            each[1](None, editor)
        Claim.objects.filter(pk=claim.pk).update(id_hash=before)
        PaymentEntry.objects.filter(pk=entry.pk).update(id_hash=before)
        for each in guards_of():
            each[0](None, editor)

        follow(apps, editor)

    for one in (claim, entry, mine, AwardVote.objects.get()):
        one.refresh_from_db()
        assert one.id_hash == now
    for rows in (Claim.objects.filter(pk=claim.pk), PaymentEntry.objects.all(), AwardVote.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(id_hash=before)
