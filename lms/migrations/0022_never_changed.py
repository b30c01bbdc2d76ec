"""What was handed in with an application, its documents, and the notes of contacts are added and never changed."""

from django.db import migrations

from core.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("lms", "0021_marks")]
    operations = [
        append_only("lms_applicationrecord"),
        append_only("lms_answerfile"),
        append_only("lms_contact"),
    ]
