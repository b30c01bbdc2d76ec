"""Of what counts against one another one person has one claim, whatever accounts they ask from: said to the database."""

from importlib import import_module

from django.db import migrations, models

from core.audit.guards import Guards

_identity = import_module('credentials.migrations._identity_guards')
KINDS = [
    ('automatic', 'established by the system: same employer, nominated by them, or one let the other in'),
    ('declared', 'declared by the member'),
]


class Migration(migrations.Migration):

    dependencies = [
        ('credentials', '0027_identity_of_claims'),
    ]

    operations = [
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
