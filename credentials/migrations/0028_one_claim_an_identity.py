"""Of what counts against one another one person has one claim, whatever accounts they ask from: said to the database."""

from collections import defaultdict
from importlib import import_module
from typing import Any

from django.db import migrations, models

from core.audit.guards import Guards

_identity = import_module('credentials.migrations._identity_guards')
KINDS = [
    ('automatic', 'established by the system: same employer, nominated by them, or one let the other in'),
    ('declared', 'declared by the member'),
]
OPEN = ('draft', 'review', 'returned', 'cleared', 'notice', 'approved', 'locked')


def stop_for_pairs(apps: Any, _schema_editor: Any) -> None:
    """Two open claims of one person cannot both stay: name them, by the numbers of their rows, and say what is to be done."""
    rows = apps.get_model('credentials.Claim').objects.filter(state__in=OPEN).exclude(id_hash='').order_by('pk')
    found: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for pk, *same in rows.values_list('pk', 'id_hash', 'family', 'benefit', 'lane'):
        found[tuple(same)].append(pk)
    several = [pks for pks in found.values() if len(pks) > 1]
    if several:
        named = '; '.join(', '.join(f'{pk:06}' for pk in pks) for pks in several)
        raise ValueError(
            f'{len(several)} times one person has several open claims for the same from different accounts. Claims: {named}. '
            'Migrations before this one have changed the database already: restore the backup of before, let all but one of '
            'each be withdrawn or refused in the version of before, then migrate again: see "One person, two open claims" in '
            'docs/operators.md.'
        )


class Migration(migrations.Migration):

    dependencies = [
        ('credentials', '0027_identity_of_claims'),
    ]

    operations = [
        migrations.RunPython(stop_for_pairs, migrations.RunPython.noop),
        Guards(_identity.unguard, _identity.guard),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.UniqueConstraint(models.F('id_hash'), models.F('family'), models.F('benefit'), models.F('lane'), condition=models.Q(('state__in', ('draft', 'review', 'returned', 'cleared', 'notice', 'approved', 'locked')), models.Q(('id_hash', ''), _negated=True)), name='claim_one_open_an_identity'),
        ),
        migrations.AlterField(
            model_name='panelconflict',
            name='kind',
            field=models.CharField(choices=KINDS, max_length=10),
        ),
        Guards(_identity.guard, _identity.unguard),
    ]
