"""What keeps the keyed hash of somebody's ID number follows the hash of the person, where that has changed (core 0015)."""

from importlib import import_module
from typing import Any

from django.db import migrations

from core.audit.append_only import append_only
from core.migrations._hashes import change_hash, say_left
from core.people.sealed import identity_hash, lookup_hash

KEPT = ('Claim', 'PaymentEntry', 'PaymentLine', 'AwardVote', 'Nomination')
READ = 500  # people and lines that are read at a time


def follow(apps: Any, schema_editor: Any) -> None:
    """Nearly nowhere anything: only a passport's number with the form of another document has another hash now. A row that
    would stand twice then stays as it is, and is said."""
    changed = changed_hashes(apps)
    if not changed:
        return
    guards = guards_of()
    for each in guards:
        each[1](None, schema_editor)
    for name in KEPT:
        rows = apps.get_model('credentials', name).objects.all()
        say_left(f'credentials.{name}', [pk for hashes in changed.items() for pk in change_hash(rows, *hashes)])
    if schema_editor.connection.vendor == 'postgresql':  # what waits for the end keeps a table from being changed
        schema_editor.execute('SET CONSTRAINTS ALL IMMEDIATE')
        schema_editor.execute('SET CONSTRAINTS ALL DEFERRED')
    for each in guards:
        each[0](None, schema_editor)


def changed_hashes(apps: Any) -> dict[str, str]:
    """By the hash of before, that of today: of whoever has the number, and of whom a line was paid to. Where the person has
    kept the hash of before, because another account has the number (core 0015), what is theirs keeps it with them."""
    people = apps.get_model('core', 'Person').objects.filter(id_type='passport', id_sealed__isnull=False).order_by('pk')
    found, kept_by_person = {}, set()
    for number, its_hash in people.values_list('id_sealed', 'id_hash').iterator(chunk_size=READ):
        before, now = _as_passport(number), identity_hash('passport', number)
        if its_hash == now:
            found[before] = now
        else:
            kept_by_person.add(before)
    lines = apps.get_model('credentials', 'PaymentLine').objects.exclude(id_hash='').order_by('pk')
    for number, its_hash in lines.values_list('id_sealed', 'id_hash').iterator(chunk_size=READ):
        if its_hash == _as_passport(number):
            found[its_hash] = identity_hash('passport', number)
    return {before: now for before, now in found.items() if before != now and before not in kept_by_person}


def _as_passport(number: str) -> str:
    return lookup_hash('id', f'passport:{number}')


def guards_of() -> list[tuple[Any, Any]]:
    """The two steps (set, drop) of what keeps these columns as they are."""
    identity, payments, nominees = (
        import_module(f'credentials.migrations.{name}') for name in ('_identity_guards', '_payment_guards', '_nominee_guards')
    )
    entries, votes = append_only('credentials_paymententry'), append_only('credentials_awardvote')
    return [
        (identity.guard, identity.unguard),
        (payments.guard, payments.unguard),  # a line of a closed batch follows too
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
