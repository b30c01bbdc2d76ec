"""Nobody decides about, or pays, a claim of their own ID number in whatever account; and nobody with a part in a claim enters
what the bank says of its line, or stands for a reversal of it."""

from importlib import import_module

from django.db import migrations

from core.audit.guards import Guards

_number, _release = (import_module(f"credentials.migrations.{name}") for name in ("_number_guards", "_release_guards"))


class Migration(migrations.Migration):

    dependencies = [
        ('credentials', '0034_paid_late_and_elsewhere'),
    ]

    operations = [
        Guards(_number.guard, _number.unguard),
        Guards(_release.unguard, _release.guard),
        Guards(_release.guard, _release.unguard),
    ]
