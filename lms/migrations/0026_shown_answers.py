"""Which anonymous answers the results count: from now on they join when the survey is over, enough of them together.

What the results showed before this stays shown.
"""

from django.conf import settings
from django.db import migrations, models
from django.db.models import Count


def keep_what_is_shown(apps, schema_editor):
    rows = apps.get_model("lms", "SurveyResponse").objects.filter(is_anonymous=True)
    counted = rows.order_by().values_list("survey").annotate(n=Count("pk"))
    shown = [survey for survey, n in counted if n >= settings.SURVEY_LEAST]
    rows.filter(survey__in=shown).update(is_shown=True)


class Migration(migrations.Migration):
    dependencies = [("lms", "0025_who_may_come")]
    operations = [
        migrations.AddField("surveyresponse", "is_shown", models.BooleanField(default=False, editable=False)),
        migrations.RunPython(keep_what_is_shown, migrations.RunPython.noop, elidable=True),
    ]
