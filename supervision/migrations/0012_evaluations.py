"""Evaluations of pairs, reports and allowance statements; what is closed or issued is locked by the database."""

from typing import Any

import core.people.sealed
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.audit.append_only import append_only
from core.audit.guards import Guards

LOCKED = "a closed evaluation and its answer never change"
STAYS = "an evaluation that is closed stays closed"


def _guards(postgres: bool) -> list[str]:
    """The statements that lock an answer once its evaluation is closed, and a closed evaluation for good."""
    answer, evaluation = "supervision_evaluationanswer", "supervision_evaluation"
    closed = (
        f"EXISTS (SELECT 1 FROM {evaluation} e WHERE e.id = {{}}.evaluation_id AND e.state <> 'answered')"
    )
    over = "OLD.state IN ('locked', 'missed')"
    wanted = [  # table, name, when, condition, words
        (answer, "opened", "INSERT", closed.format("NEW"), LOCKED),
        (answer, "locked", "UPDATE", closed.format("OLD"), LOCKED),
        (answer, "kept", "DELETE", "1 = 1", LOCKED),
        (evaluation, "stays", "UPDATE", over, STAYS),
        (evaluation, "kept", "DELETE", "1 = 1", STAYS),
    ]
    if not postgres:
        return [
            f"CREATE TRIGGER {table}_{name} BEFORE {verb} ON {table} WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
            for table, name, verb, condition, words in wanted
        ]
    made = []
    for table, name, verb, condition, words in wanted:
        result = "OLD" if verb == "DELETE" else "NEW"
        made.append(
            f"CREATE FUNCTION {table}_{name}() RETURNS trigger AS $$ BEGIN IF {condition} THEN "
            f"RAISE EXCEPTION '{words}' USING ERRCODE = '23514'; END IF; RETURN {result}; END $$ LANGUAGE plpgsql"
        )
        made.append(
            f"CREATE TRIGGER {table}_{name} BEFORE {verb} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_{name}()"
        )
    return made


def guard(_apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        for statement in _guards(schema_editor.connection.vendor == "postgresql"):
            cursor.execute(statement)


def unguard(_apps: Any, schema_editor: Any) -> None:
    postgres = schema_editor.connection.vendor == "postgresql"
    with schema_editor.connection.cursor() as cursor:
        for statement in _guards(postgres):
            words = statement.split()
            if words[1] == "TRIGGER":
                cursor.execute(f"DROP TRIGGER IF EXISTS {words[2]}" + (f" ON {words[6]}" if postgres else ""))
        for statement in _guards(postgres):
            if statement.startswith("CREATE FUNCTION"):
                cursor.execute(f"DROP FUNCTION IF EXISTS {statement.split()[2]}")


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0012_said_in_both_languages'),
        ('supervision', '0011_session_records'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EvaluationAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scores', models.JSONField(default=dict)),
                ('fields', models.JSONField(default=dict)),
                ('competencies', models.JSONField(default=dict)),
                ('text', core.people.sealed.SealedTextField(blank=True)),
                ('may_share', models.BooleanField(default=False)),
                ('answered_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('closes_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'answer to an evaluation',
                'verbose_name_plural': 'answers to evaluations',
            },
        ),
        migrations.CreateModel(
            name='Evaluation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('occasion', models.CharField(choices=[('mid', 'Mid-term'), ('end', 'End')], max_length=4, verbose_name='occasion')),
                ('direction', models.CharField(choices=[('supervisor', 'Evaluation of the supervisor'), ('mentee', 'Assessment of the mentee'), ('self', 'Self-assessment')], max_length=10, verbose_name='who evaluates whom')),
                ('state', models.CharField(choices=[('open', 'Waits for an answer'), ('answered', 'Answered, can still be changed'), ('locked', 'Closed'), ('missed', 'Not answered')], default='open', max_length=8, verbose_name='state')),
                ('opens_on', models.DateField(verbose_name='opens')),
                ('closes_on', models.DateField(verbose_name='last day')),
                ('pairing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evaluations', to='supervision.pairing', verbose_name='pairing')),
            ],
            options={
                'verbose_name': 'evaluation',
                'verbose_name_plural': 'evaluations',
                'ordering': ['closes_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='EvaluationResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_on', models.DateField(verbose_name='from')),
                ('last_on', models.DateField(verbose_name='until')),
                ('people', models.PositiveSmallIntegerField(verbose_name='people')),
                ('minimum', models.PositiveSmallIntegerField(verbose_name='least number of people')),
                ('averages', models.JSONField(default=list)),
                ('published_at', models.DateTimeField(verbose_name='published')),
                ('supervisor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evaluation_results', to='supervision.supervisor', verbose_name='supervisor')),
            ],
            options={
                'verbose_name': 'result of evaluations',
                'verbose_name_plural': 'results of evaluations',
                'ordering': ['-last_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='AllowanceStatement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(verbose_name='month')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('facts', models.JSONField()),
                ('sha256', models.CharField(max_length=64)),
                ('total', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='total (CNY)')),
                ('reviewed_by', models.CharField(blank=True, max_length=60, verbose_name='reviewed by')),
                ('issued_at', models.DateTimeField(verbose_name='issued')),
                ('corrects', models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='supervision.allowancestatement')),
                ('issued_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='prepared by')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation', verbose_name='organisation')),
            ],
            options={
                'verbose_name': 'allowance statement',
                'verbose_name_plural': 'allowance statements',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='AllowanceLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(verbose_name='month')),
                ('is_correction', models.BooleanField(default=False)),
                ('tier', models.CharField(blank=True, choices=[('trainee', 'Trainee supervisor'), ('junior', 'Junior supervisor'), ('intermediate', 'Intermediate supervisor'), ('senior', 'Senior supervisor')], max_length=12, verbose_name='tier')),
                ('sessions', models.PositiveIntegerField(verbose_name='sessions')),
                ('minutes', models.PositiveIntegerField(verbose_name='minutes')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=10, verbose_name='amount (CNY)')),
                ('supervisor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='allowances', to='supervision.supervisor', verbose_name='supervisor')),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='supervision.allowancestatement')),
            ],
            options={
                'verbose_name': 'line of an allowance statement',
                'verbose_name_plural': 'lines of allowance statements',
                'ordering': ['statement', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='CountedAnswer',
            fields=[
                ('answer', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='counted', serialize=False, to='supervision.evaluationanswer')),
            ],
            options={
                'verbose_name': 'counted answer',
            },
        ),
        migrations.AddField(
            model_name='evaluationanswer',
            name='evaluation',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='answer', to='supervision.evaluation'),
        ),
        migrations.CreateModel(
            name='EvaluationWords',
            fields=[
                ('result', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='words', serialize=False, to='supervision.evaluationresult')),
                ('texts', core.people.sealed.SealedTextField()),
            ],
            options={
                'verbose_name': 'words of evaluations',
                'verbose_name_plural': 'words of evaluations',
            },
        ),
        migrations.CreateModel(
            name='EvaluationTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('about', models.CharField(choices=[('supervisor', 'The supervisor, by the mentee'), ('mentee', 'The mentee, by the supervisor and by themself')], max_length=10, verbose_name='about')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('version', models.PositiveSmallIntegerField(default=1, verbose_name='version')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('days_open', models.PositiveSmallIntegerField(default=14, help_text='Until then an answer can be changed.', verbose_name='days for answering')),
                ('questions', models.JSONField(default=list)),
                ('asks_fields', models.BooleanField(default=False, help_text='How far the mentee is in each field. Only in templates about the mentee.', verbose_name='asks about the service fields')),
                ('saved_at', models.DateTimeField(auto_now=True)),
                ('competencies', models.ManyToManyField(blank=True, related_name='+', to='supervision.competency', verbose_name='competencies')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation', verbose_name='organisation')),
                ('replaces', models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='supervision.evaluationtemplate')),
            ],
            options={
                'verbose_name': 'evaluation template',
                'verbose_name_plural': 'evaluation templates',
                'ordering': ['organisation__path', 'about', '-starts_on', '-version'],
            },
        ),
        migrations.AddField(
            model_name='evaluation',
            name='template',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evaluations', to='supervision.evaluationtemplate'),
        ),
        migrations.CreateModel(
            name='PublicationRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('minimum', models.PositiveSmallIntegerField(verbose_name='least number of people')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('source', models.CharField(max_length=200, verbose_name='source')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation', verbose_name='organisation')),
            ],
            options={
                'verbose_name': 'rule of publication',
                'verbose_name_plural': 'rules of publication',
                'ordering': ['-starts_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='SupervisionReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('span', models.CharField(choices=[('month', 'Monthly'), ('year', 'Yearly')], max_length=5, verbose_name='covers')),
                ('first_on', models.DateField(verbose_name='from')),
                ('last_on', models.DateField(verbose_name='until')),
                ('number', models.PositiveSmallIntegerField(verbose_name='number')),
                ('facts', models.JSONField()),
                ('sha256', models.CharField(max_length=64)),
                ('reviewed_by', models.CharField(blank=True, max_length=60, verbose_name='reviewed by')),
                ('issued_at', models.DateTimeField(verbose_name='issued')),
                ('issued_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='prepared by')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation', verbose_name='organisation')),
            ],
            options={
                'verbose_name': 'supervision report',
                'verbose_name_plural': 'supervision reports',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='AllowanceRate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tier', models.CharField(choices=[('trainee', 'Trainee supervisor'), ('junior', 'Junior supervisor'), ('intermediate', 'Intermediate supervisor'), ('senior', 'Senior supervisor')], max_length=12, verbose_name='tier')),
                ('per', models.CharField(choices=[('month', 'a month with sessions'), ('session', 'a confirmed session'), ('hour', 'a confirmed hour')], max_length=8, verbose_name='for')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=9, verbose_name='amount (CNY)')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('source', models.CharField(max_length=200, verbose_name='source')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation', verbose_name='organisation')),
            ],
            options={
                'verbose_name': 'allowance rate',
                'verbose_name_plural': 'allowance rates',
                'ordering': ['-starts_on', 'organisation__path', 'tier', 'pk'],
                'constraints': [models.UniqueConstraint(models.F('organisation'), models.F('tier'), models.F('starts_on'), name='allowance_rate_once_a_day'), models.CheckConstraint(condition=models.Q(('amount__gte', 0), ('tier__in', ['trainee', 'junior', 'intermediate', 'senior']), ('per__in', ['month', 'session', 'hour'])), name='allowance_rate_is_possible')],
            },
        ),
        migrations.AddConstraint(
            model_name='allowancestatement',
            constraint=models.UniqueConstraint(condition=models.Q(('corrects', None)), fields=('organisation', 'month'), name='allowance_statement_once_a_month'),
        ),
        migrations.AddConstraint(
            model_name='allowancestatement',
            constraint=models.CheckConstraint(condition=models.Q(('corrects', None), models.Q(('reason', ''), _negated=True), _connector='OR'), name='allowance_correction_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='allowancestatement',
            constraint=models.CheckConstraint(condition=models.Q(('total__gte', 0)), name='allowance_statement_total_is_possible'),
        ),
        migrations.AddConstraint(
            model_name='allowanceline',
            constraint=models.UniqueConstraint(models.F('statement'), models.F('supervisor'), name='allowance_line_once_a_statement'),
        ),
        migrations.AddConstraint(
            model_name='allowanceline',
            constraint=models.UniqueConstraint(condition=models.Q(('is_correction', False)), fields=('supervisor', 'month'), name='allowance_line_once_a_month'),
        ),
        migrations.AddConstraint(
            model_name='allowanceline',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='allowance_line_is_possible'),
        ),
        migrations.AddField(
            model_name='countedanswer',
            name='result',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='counted', to='supervision.evaluationresult'),
        ),
        migrations.AddConstraint(
            model_name='evaluationanswer',
            constraint=models.CheckConstraint(condition=models.Q(('changed_at__gte', models.F('answered_at')), ('changed_at__lt', models.F('closes_at'))), name='evaluation_answer_within_window'),
        ),
        migrations.AddConstraint(
            model_name='evaluationanswer',
            constraint=models.CheckConstraint(condition=models.Q(('scores', {}), _negated=True), name='evaluation_answer_says_something'),
        ),
        migrations.AddConstraint(
            model_name='evaluationresult',
            constraint=models.UniqueConstraint(models.F('supervisor'), models.F('last_on'), name='evaluation_result_once_a_period'),
        ),
        migrations.AddConstraint(
            model_name='evaluationresult',
            constraint=models.CheckConstraint(condition=models.Q(('minimum__gte', 5), ('people__gte', models.F('minimum')), ('last_on__gte', models.F('first_on'))), name='evaluation_result_of_enough_people'),
        ),
        migrations.AddConstraint(
            model_name='evaluationtemplate',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='evaluation_template_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='evaluationtemplate',
            constraint=models.CheckConstraint(condition=models.Q(('about__in', ['supervisor', 'mentee'])), name='evaluation_template_about_is_known'),
        ),
        migrations.AddConstraint(
            model_name='evaluationtemplate',
            constraint=models.CheckConstraint(condition=models.Q(('days_open__gte', 3), ('days_open__lte', 60)), name='evaluation_template_days_are_possible'),
        ),
        migrations.AddConstraint(
            model_name='evaluationtemplate',
            constraint=models.CheckConstraint(condition=models.Q(('questions', []), _negated=True), name='evaluation_template_asks_something'),
        ),
        migrations.AddIndex(
            model_name='evaluation',
            index=models.Index(fields=['state', 'closes_on'], name='evaluation_by_state'),
        ),
        migrations.AddConstraint(
            model_name='evaluation',
            constraint=models.UniqueConstraint(models.F('pairing'), models.F('occasion'), models.F('direction'), name='evaluation_once'),
        ),
        migrations.AddConstraint(
            model_name='evaluation',
            constraint=models.CheckConstraint(condition=models.Q(('closes_on__gte', models.F('opens_on'))), name='evaluation_closes_after_opening'),
        ),
        migrations.AddConstraint(
            model_name='evaluation',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'answered', 'locked', 'missed']), ('occasion__in', ['mid', 'end']), ('direction__in', ['supervisor', 'mentee', 'self'])), name='evaluation_words_are_known'),
        ),
        migrations.AddConstraint(
            model_name='publicationrule',
            constraint=models.UniqueConstraint(models.F('organisation'), models.F('starts_on'), name='publication_rule_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='publicationrule',
            constraint=models.CheckConstraint(condition=models.Q(('minimum__gte', 5), ('minimum__lte', 99)), name='publication_rule_possible'),
        ),
        migrations.AddConstraint(
            model_name='supervisionreport',
            constraint=models.UniqueConstraint(models.F('organisation'), models.F('span'), models.F('first_on'), models.F('number'), name='supervision_report_number_once'),
        ),
        migrations.AddConstraint(
            model_name='supervisionreport',
            constraint=models.CheckConstraint(condition=models.Q(('last_on__gte', models.F('first_on')), ('span__in', ['month', 'year'])), name='supervision_report_days_in_order'),
        ),
        append_only("supervision_evaluationresult"),
        append_only("supervision_evaluationwords"),
        append_only("supervision_countedanswer"),
        append_only("supervision_supervisionreport"),
        append_only("supervision_allowancerate"),
        append_only("supervision_allowancestatement"),
        append_only("supervision_allowanceline"),
        Guards(guard, unguard),
    ]
