"""Claims: since when a stage waits; who decides and what was decided is held by the database between the tables, too."""

from importlib import import_module

from django.db import migrations, models

from core.audit.guards import Guards

guard, unguard = (getattr(import_module("credentials.migrations._claim_guards"), name) for name in ("guard", "unguard"))


class Migration(migrations.Migration):

    dependencies = [
        ('credentials', '0024_policies_of_their_authority'),
    ]

    operations = [
        # empty in old rows: there the list says the day of handing in, or of the last decision
        migrations.AddField(
            model_name='claim',
            name='stage_since',
            field=models.DateField(blank=True, null=True, verbose_name='waits at its stage since'),
        ),
        Guards(guard, unguard),
    ]
