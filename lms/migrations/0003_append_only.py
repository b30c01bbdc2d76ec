from django.db import migrations

from core.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("lms", "0002_courseindexpage_alter_lessonpage_options_and_more")]
    operations = [
        append_only("lms_courseversion"),
        append_only("lms_lessonversion"),
        append_only("lms_lessonmedia"),
        append_only("lms_paperversion"),
    ]
