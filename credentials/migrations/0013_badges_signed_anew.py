"""A certificate may have several badges, numbered: the one in force is the last, signed when a key was withdrawn."""

import django.db.models.deletion
from django.db import migrations, models

from core.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("credentials", "0012_in_depth"),
    ]

    operations = [
        migrations.AddField(
            model_name="badge",
            name="number",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name="badge",
            name="certificate",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="badges",
                to="credentials.certificate",
            ),
        ),
        migrations.AddConstraint(
            model_name="badge",
            constraint=models.UniqueConstraint(fields=("certificate", "number"), name="badge_numbered"),
        ),
        migrations.AddConstraint(
            model_name="badge",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="badge_numbered_from_one"
            ),
        ),
        append_only("credentials_badge", again=True),
    ]
