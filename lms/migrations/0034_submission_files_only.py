"""The one file of a submission is gone from its row, in a step of its own: PostgreSQL changes no table that was written to in
the same transaction."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("lms", "0033_submission_files")]

    operations = [migrations.RemoveField(model_name="submission", name="attachment")]
