"""The one file of a submission is gone from its row, in a step of its own: PostgreSQL changes no table that was written to in the same transaction. What was handed in gets no further file."""

from django.db import migrations

from core.audit.guards import Guards, refusing


def _rules(_differs, _as_text):
    handed_in = "(SELECT state FROM lms_submission WHERE id = NEW.submission_id) <> 'draft'"
    return {
        f"submission_file_{verb.lower()}": ("lms_submissionfile", verb, handed_in) for verb in ("INSERT", "UPDATE")
    }


class Migration(migrations.Migration):
    dependencies = [("lms", "0033_submission_files")]

    operations = [
        migrations.RemoveField(model_name="submission", name="attachment"),
        Guards(*refusing("what was handed in gets no further file", _rules)),
    ]
