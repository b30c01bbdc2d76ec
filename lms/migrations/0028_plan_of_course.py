"""A course has an application plan with which its new cohorts start."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lms", "0027_classes")]
    operations = [
        migrations.AddField(
            model_name="coursepage",
            name="plan",
            field=models.ForeignKey(
                blank=True,
                help_text="What new cohorts of this course ask of applicants, and who decides, unless another plan is chosen for them.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="lms.admissionplan",
                verbose_name="application plan",
            ),
        ),
    ]
