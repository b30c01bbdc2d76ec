"""Where somebody says that they work waits for an administrator there; who has an employer keeps it as confirmed."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0009_imports")]
    operations = [
        migrations.AddField(
            model_name="person",
            name="declared_employer",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="core.organisation",
                verbose_name="declared employer",
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="declared_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="declared on"),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(declared_at=None, declared_employer=None)
                | models.Q(declared_at__isnull=False, declared_employer__isnull=False),
                name="person_declared_has_time",
            ),
        ),
    ]
