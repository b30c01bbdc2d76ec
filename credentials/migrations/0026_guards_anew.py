"""Claims and payments are guarded by the rules of today, also in a database that was migrated while these were written."""

from importlib import import_module
from itertools import chain

from django.db import migrations

from core.audit.guards import Guards

GUARDED = [import_module(f"credentials.migrations.{name}") for name in ("_claim_guards", "_payment_guards", "_reversal_guards")]


class Migration(migrations.Migration):

    dependencies = [
        ('credentials', '0025_claims_apart'),
    ]

    operations = list(
        chain.from_iterable((Guards(each.unguard, each.guard), Guards(each.guard, each.unguard)) for each in GUARDED)
    )
