"""A line that the bank had returned may be paid after all; and what another account was paid is taken off a higher level."""

from importlib import import_module

from django.db import migrations

from core.audit.guards import Guards

_payments, _identity = (import_module(f"credentials.migrations.{name}") for name in ("_payment_guards", "_identity_guards"))


class Migration(migrations.Migration):

    dependencies = [
        ('credentials', '0033_no_conflict_pays'),
    ]

    operations = [
        Guards(_payments.unguard, _payments.guard),
        Guards(_payments.guard, _payments.unguard),
        Guards(_identity.unguard, _identity.guard),
        Guards(_identity.guard, _identity.unguard),
    ]
