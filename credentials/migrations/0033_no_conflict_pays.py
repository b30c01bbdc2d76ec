"""Nor does whoever declared a conflict of interest in a claim, or decided an appeal of it, build or release its payment."""

from importlib import import_module

from django.db import migrations

from core.audit.guards import Guards

_release = import_module('credentials.migrations._release_guards')


class Migration(migrations.Migration):

    dependencies = [
        ('credentials', '0032_one_number_one_person'),
    ]

    operations = [
        Guards(_release.unguard, _release.guard),
        Guards(_release.guard, _release.unguard),
    ]
