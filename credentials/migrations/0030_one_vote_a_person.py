"""A vote keeps the keyed hash of its voter's ID number: one person votes once, whatever accounts they have."""

from importlib import import_module
from typing import Any

from django.db import migrations, models
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from core.audit.append_only import append_only
from core.audit.guards import Guards

_votes = import_module('credentials.migrations._vote_guards')
KEPT = append_only('credentials_awardvote')


def fill(apps: Any, schema_editor: Any) -> None:
    """What was cast before is taken to be of whom the account is today."""
    Person, Vote = apps.get_model('core', 'Person'), apps.get_model('credentials', 'AwardVote')
    number = Person.objects.filter(user=OuterRef('voter')).values('id_hash')[:1]
    Vote.objects.update(id_hash=Coalesce(Subquery(number), Value('')))
    if schema_editor.connection.vendor == 'postgresql':  # what waits for the end keeps a table from being changed
        schema_editor.execute('SET CONSTRAINTS ALL IMMEDIATE')
        schema_editor.execute('SET CONSTRAINTS ALL DEFERRED')


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0014_languages_for_supervision'),
        ('credentials', '0029_nobody_twice'),
    ]

    operations = [
        Guards(KEPT.reverse_code, KEPT.code),
        migrations.AddField(
            model_name='awardvote',
            name='id_hash',
            field=models.CharField(blank=True, default='', max_length=64),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='awardvote',
            constraint=models.UniqueConstraint(models.F('round'), models.F('id_hash'), condition=models.Q(('id_hash', ''), _negated=True), name='award_vote_once_an_identity'),
        ),
        KEPT,
        Guards(_votes.guard, _votes.unguard),
    ]
