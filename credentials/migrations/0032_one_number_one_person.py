"""What keeps the keyed hash of somebody's ID number follows the hash of the person, where that has changed (core 0015)."""

from importlib import import_module
from typing import Any

from django.db import IntegrityError, migrations, transaction

from core.audit.append_only import append_only
from core.people.sealed import identity_hash, lookup_hash

KEPT = ('Claim', 'PaymentEntry', 'PaymentLine', 'AwardVote', 'Nomination')
READ = 500  # people and lines that are read at a time


def follow(apps: Any, schema_editor: Any) -> None:
    """Nearly nowhere anything: only a passport's number with the form of another document has another hash now. A row that
    would stand twice then stays as it is."""
    changed = changed_hashes(apps)
    if not changed:
        return
    guards = guards_of()
    for each in guards:
        each[1](None, schema_editor)
    for before, now in changed.items():
        for name in KEPT:
            try:
                with transaction.atomic():
                    apps.get_model('credentials', name).objects.filter(id_hash=before).update(id_hash=now)
            except IntegrityError:
                continue
    if schema_editor.connection.vendor == 'postgresql':  # what waits for the end keeps a table from being changed
        schema_editor.execute('SET CONSTRAINTS ALL IMMEDIATE')
        schema_editor.execute('SET CONSTRAINTS ALL DEFERRED')
    for each in guards:
        each[0](None, schema_editor)


def changed_hashes(apps: Any) -> dict[str, str]:
    """By the hash of before, that of today: of whoever has the number, and of whom a line was paid to."""
    people = apps.get_model('core', 'Person').objects.filter(id_type='passport', id_sealed__isnull=False)
    numbers = people.order_by('pk').values_list('id_sealed', flat=True).iterator(chunk_size=READ)
    found = {_as_passport(number): identity_hash('passport', number) for number in numbers}
    lines = apps.get_model('credentials', 'PaymentLine').objects.exclude(id_hash='').order_by('pk')
    for number, kept in lines.values_list('id_sealed', 'id_hash').iterator(chunk_size=READ):
        if kept == _as_passport(number):
            found[kept] = identity_hash('passport', number)
    return {before: now for before, now in found.items() if before != now}


def _as_passport(number: str) -> str:
    return lookup_hash('id', f'passport:{number}')


def guards_of() -> list[tuple[Any, Any]]:
    """The two steps (set, drop) of what keeps these columns as they are."""
    identity, nominees = (import_module(f'credentials.migrations.{name}') for name in ('_identity_guards', '_nominee_guards'))
    entries, votes = append_only('credentials_paymententry'), append_only('credentials_awardvote')
    return [
        (identity.guard, identity.unguard),
        (nominees.guard, nominees.unguard),
        (entries.code, entries.reverse_code),
        (votes.code, votes.reverse_code),
    ]


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0015_one_number_one_person'),
        ('credentials', '0031_nominees_by_identity'),
    ]

    operations = [
        migrations.RunPython(follow, migrations.RunPython.noop),
    ]
