"""A batch is held against the claims in it, a stage against the others in all rounds, and what is paid against its line."""

from importlib import import_module

from django.db import migrations

from core.audit.guards import Guards

_claims, _release = (import_module(f"credentials.migrations.{name}") for name in ("_claim_guards", "_release_guards"))


class Migration(migrations.Migration):

    dependencies = [
        ('credentials', '0028_one_claim_an_identity'),
    ]

    operations = [
        Guards(_claims.unguard, _claims.guard),
        Guards(_claims.guard, _claims.unguard),
        Guards(_release.guard, _release.unguard),
    ]
