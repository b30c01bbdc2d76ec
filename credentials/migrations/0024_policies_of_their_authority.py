"""A policy's code is its authority's own; what the ledger calls it stays one over all trees. Versions keep what theirs are called."""

from django.db import migrations, models
from django.db.models import F

from core.audit.append_only import append_only, never_deleted


def _copy_codes(apps, _schema_editor):
    apps.get_model("credentials", "SubsidyPolicy").objects.update(text_code=F("code"))


def _unguard(table, *names):
    """PostgreSQL keeps the triggers of a table that is changed; they are set again below."""

    def drop(_apps, schema_editor):
        on = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
        with schema_editor.connection.cursor() as cursor:
            for name in names:
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{name}{on}")

    return migrations.RunPython(drop, migrations.RunPython.noop)


class Migration(migrations.Migration):

    dependencies = [
        ("credentials", "0023_notices_and_vacancies"),
    ]

    operations = [
        migrations.AddField(
            model_name="subsidypolicy",
            name="text_code",
            field=models.CharField(default="", max_length=60, verbose_name="code in the text"),
            preserve_default=False,
        ),
        migrations.RunPython(_copy_codes, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="subsidypolicy",
            constraint=models.UniqueConstraint(
                fields=("organisation", "text_code"), name="policy_code_of_its_authority"
            ),
        ),
        _unguard("credentials_subsidypolicy", "kept"),
        never_deleted("credentials_subsidypolicy"),
        migrations.AddField(
            model_name="policyversion",
            name="ledger_codes",
            field=models.JSONField(default=dict),
        ),
        append_only("credentials_policyversion", again=True),
    ]
