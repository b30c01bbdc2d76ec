"""A nomination keeps the keyed hash of the nominee's ID number: they do not vote for themselves from another account."""

from importlib import import_module
from typing import Any

from django.db import migrations, models
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from core.audit.guards import Guards

_votes, _nominees = (import_module(f'credentials.migrations.{name}') for name in ('_vote_guards', '_nominee_guards'))


def fill(apps: Any, schema_editor: Any) -> None:
    """Who accepted before is taken to be whom the account is today."""
    Person, Nomination = apps.get_model('core', 'Person'), apps.get_model('credentials', 'Nomination')
    number = Person.objects.filter(pk=OuterRef('person')).values('id_hash')[:1]
    rows = Nomination.objects.filter(accepted_at__isnull=False)
    rows.update(id_hash=Coalesce(Subquery(number), Value('')))
    if schema_editor.connection.vendor == 'postgresql':  # what waits for the end keeps a table from being changed
        schema_editor.execute('SET CONSTRAINTS ALL IMMEDIATE')
        schema_editor.execute('SET CONSTRAINTS ALL DEFERRED')


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0014_languages_for_supervision'),
        ('credentials', '0030_one_vote_a_person'),
    ]

    operations = [
        Guards(_votes.unguard, _votes.guard),  # it names the table that SQLite makes anew
        migrations.AddField(
            model_name='nomination',
            name='id_hash',
            field=models.CharField(blank=True, default='', max_length=64),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='nomination',
            constraint=models.UniqueConstraint(models.F('round'), models.F('id_hash'), condition=models.Q(('state__in', ('accepted', 'shortlisted')), models.Q(('id_hash', ''), _negated=True)), name='nomination_once_an_identity'),
        ),
        Guards(_votes.guard, _votes.unguard),
        Guards(_nominees.guard, _nominees.unguard),
    ]
