"""What was entered of somebody before without an ID number, and their account has one by now, is entered anew with it."""

from typing import Any

from django.db import migrations

READ = 500  # lines that are read at a time
SAME = (
    *('person_id', 'holder_id', 'authority_id', 'kind', 'policy', 'benefit', 'key', 'amount', 'on', 'words', 'proof_id'),
    'entered_by_id',
)


def hold_to_numbers(apps: Any, _editor: Any) -> None:
    """As whoever gives a number from now on has it done (`claims.actions.hold_to_number`): the line stays and counts no more. Not in
    the audit, which is written by acts of people: the source of the new line names the old one."""
    entries = apps.get_model('credentials', 'PaymentEntry').objects
    rows = entries.filter(kind='earlier', id_hash='', person__id_hash__isnull=False).exclude(person__id_hash='').order_by('pk')
    corrected = set(entries.filter(source__startswith='correction:').values_list('source', flat=True))
    left = [pk for pk in rows.values_list('pk', flat=True) if f'correction:{pk}' not in corrected]
    for first in range(0, len(left), READ):
        some = entries.filter(pk__in=left[first : first + READ]).select_related('person').order_by('pk')
        entries.bulk_create(
            entries.model(
                **{name: getattr(row, name) for name in SAME}, id_hash=row.person.id_hash, source=f'correction:{row.pk}'
            )
            for row in some
        )


class Migration(migrations.Migration):

    dependencies = [
        ('credentials', '0035_own_number_decides_nothing'),
        ('core', '0015_one_number_one_person'),
    ]

    operations = [
        migrations.RunPython(hold_to_numbers, migrations.RunPython.noop),
    ]
