"""The talent pool, posts by sector, and the three-level talent plan; the seven sectors."""

from typing import Any

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.audit.append_only import append_only

SECTORS = (
    ("civil_affairs", "民政", "Civil affairs"),
    ("education", "教育", "Education"),
    ("health", "医疗", "Health care"),
    ("justice", "司法", "Justice"),
    ("petitions", "信访", "Petitions"),
    ("emergency", "应急", "Emergency management"),
    ("veterans", "退役军人服务", "Services for veterans"),
)
TABLE = "credentials_postholding"
STOP = "two posts of one person overlap"
OVERLAP = f"""EXISTS (
SELECT 1 FROM {TABLE} AS other WHERE other.person_id = NEW.person_id AND other.id <> COALESCE(NEW.id, -1)
AND other.starts_on <= COALESCE(NEW.ends_on, '9999-12-31') AND NEW.starts_on <= COALESCE(other.ends_on, '9999-12-31'))"""


def guard(_apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "postgresql":
            cursor.execute(
                "CREATE FUNCTION credentials_posts_overlap() RETURNS trigger AS $$ BEGIN "
                f"IF {OVERLAP} THEN RAISE EXCEPTION '{STOP}' USING ERRCODE = '23P01'; END IF; "
                "RETURN NEW; END $$ LANGUAGE plpgsql"
            )
            cursor.execute(
                f"CREATE TRIGGER {TABLE}_apart BEFORE INSERT OR UPDATE ON {TABLE} "
                "FOR EACH ROW EXECUTE FUNCTION credentials_posts_overlap()"
            )
        else:
            for verb in ("INSERT", "UPDATE"):
                cursor.execute(
                    f"CREATE TRIGGER {TABLE}_apart_{verb} BEFORE {verb} ON {TABLE} WHEN {OVERLAP} "
                    f"BEGIN SELECT RAISE(ABORT, '{STOP}'); END"
                )


def unguard(_apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "postgresql":
            cursor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_apart ON {TABLE}")
            cursor.execute("DROP FUNCTION IF EXISTS credentials_posts_overlap()")
        else:
            for verb in ("INSERT", "UPDATE"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_apart_{verb}")


def sectors(apps: Any, _schema_editor: Any) -> None:
    """The seven there are at first; the list is the operator's to edit."""
    model = apps.get_model("credentials", "Sector")
    for position, (code, name, name_en) in enumerate(SECTORS, start=1):
        model.objects.get_or_create(code=code, defaults={"name": name, "name_en": name_en, "position": position})


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0014_languages_for_supervision'),
        ("credentials", "0014_qualifications"),
        ('lms', '0001_squashed_0029_taken_for'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Sector',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(unique=True, verbose_name='code')),
                ('name', models.CharField(max_length=40, unique=True, verbose_name='name')),
                ('name_en', models.CharField(blank=True, max_length=80, verbose_name='English name')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
            ],
            options={
                'verbose_name': 'sector',
                'verbose_name_plural': 'sectors',
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=60, verbose_name='post')),
                ('places', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(999)], verbose_name='planned places')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='core.organisation', verbose_name='organisation')),
                ('sector', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='credentials.sector', verbose_name='sector')),
            ],
            options={
                'verbose_name': 'post',
                'verbose_name_plural': 'posts',
                'ordering': ['organisation__path', 'sector__position', 'title', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='TalentPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(2010), django.core.validators.MaxValueValidator(2100)], verbose_name='year')),
                ('title', models.CharField(max_length=80, verbose_name='title')),
                ('note', models.TextField(blank=True, max_length=1000, verbose_name='note')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('in_force', 'In force'), ('closed', 'Closed')], default='draft', max_length=10, verbose_name='state')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='in force since')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed')),
                ('figures', models.JSONField(default=dict)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='talent_plans', to='core.organisation', verbose_name='organisation')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='credentials.talentplan')),
            ],
            options={
                'verbose_name': 'talent plan',
                'verbose_name_plural': 'talent plans',
                'ordering': ['-year', 'organisation__path'],
            },
        ),
        migrations.CreateModel(
            name='PlanTarget',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('trained', 'People trained'), ('qualified', 'Qualifications gained'), ('posted', 'Posts filled')], max_length=10, verbose_name='what counts')),
                ('route', models.CharField(blank=True, choices=[('trained', 'Trained'), ('recruited', 'Recruited'), ('promoted', 'Promoted')], max_length=10, verbose_name='route')),
                ('number', models.PositiveIntegerField(validators=[django.core.validators.MaxValueValidator(1000000)], verbose_name='target')),
                ('key', models.CharField(editable=False, max_length=80)),
                ('course', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='lms.coursepage', verbose_name='course')),
                ('level', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='credentials.qualificationlevel', verbose_name='qualification level')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='credentials.plantarget')),
                ('sector', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='credentials.sector', verbose_name='sector')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='targets', to='credentials.talentplan', verbose_name='talent plan')),
            ],
            options={
                'verbose_name': 'target of a plan',
                'verbose_name_plural': 'targets of a plan',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='TalentProfile',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='talent_profile', serialize=False, to='core.person', verbose_name='person')),
                ('path', models.CharField(blank=True, max_length=255)),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('pinyin', models.CharField(max_length=200)),
                ('words', models.TextField()),
                ('rank', models.PositiveSmallIntegerField(default=0)),
                ('fields', models.CharField(blank=True, max_length=200)),
                ('practice_started_on', models.DateField(null=True, verbose_name='in practice since')),
                ('minutes', models.PositiveIntegerField(default=0, verbose_name='minutes held')),
                ('span', models.PositiveSmallIntegerField(default=0)),
                ('part', models.CharField(choices=[('supervisor', 'Supervises'), ('supervised', 'Is supervised'), ('both', 'Supervises and is supervised'), ('neither', 'Neither')], default='neither', max_length=10, verbose_name='supervision')),
                ('awards', models.PositiveSmallIntegerField(default=0, verbose_name='commendations')),
                ('post', models.CharField(blank=True, max_length=60, verbose_name='post')),
                ('route', models.CharField(blank=True, choices=[('trained', 'Trained'), ('recruited', 'Recruited'), ('promoted', 'Promoted')], max_length=10, verbose_name='route')),
                ('is_listed', models.BooleanField(default=False, verbose_name='agrees to be listed')),
                ('level', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='credentials.qualificationlevel', verbose_name='qualification level')),
                ('sector', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='credentials.sector', verbose_name='sector')),
            ],
            options={
                'verbose_name': 'talent profile',
                'verbose_name_plural': 'talent pool',
                'ordering': ['pinyin', 'person'],
            },
        ),
        migrations.CreateModel(
            name='TalentRoute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('route', models.CharField(choices=[('trained', 'Trained'), ('recruited', 'Recruited'), ('promoted', 'Promoted')], max_length=10, verbose_name='route')),
                ('since', models.DateField(verbose_name='since')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='talent_routes', to='core.person', verbose_name='person')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'talent route',
                'verbose_name_plural': 'talent routes',
                'ordering': ['-since', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='PostHolding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField()),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='until')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='post_holdings', to='core.person', verbose_name='person')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holdings', to='credentials.post', verbose_name='post')),
            ],
            options={
                'verbose_name': 'holder of a post',
                'verbose_name_plural': 'holders of posts',
                'ordering': ['-starts_on', '-pk'],
                'constraints': [models.UniqueConstraint(models.F('person'), condition=models.Q(('ends_on', None)), name='post_held_one_at_a_time'), models.UniqueConstraint(models.F('post'), models.F('place'), condition=models.Q(('ends_on', None)), name='post_place_held_once'), models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='post_holding_in_order'), models.CheckConstraint(condition=models.Q(models.Q(('ended_by', None), ('ends_on', None)), models.Q(('ended_by__isnull', False), ('ends_on__isnull', False)), _connector='OR'), name='post_holding_ended_by_somebody'), models.CheckConstraint(condition=models.Q(('place__gte', 1), ('place__lte', 999)), name='post_holding_place_possible')],
            },
        ),
        migrations.CreateModel(
            name='SavedSearch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('query', models.CharField(max_length=1000)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_searches', to=settings.AUTH_USER_MODEL, verbose_name='account')),
            ],
            options={
                'verbose_name': 'saved search',
                'verbose_name_plural': 'saved searches',
                'ordering': ['name', 'pk'],
                'constraints': [models.UniqueConstraint(models.F('owner'), models.F('name'), name='saved_search_name_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.UniqueConstraint(models.F('organisation'), models.F('sector'), models.F('title'), name='post_once_per_organisation'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.CheckConstraint(condition=models.Q(('places__gte', 1), ('places__lte', 999)), name='post_places_possible'),
        ),
        migrations.AddConstraint(
            model_name='talentplan',
            constraint=models.UniqueConstraint(models.F('organisation'), models.F('year'), name='talent_plan_once_a_year'),
        ),
        migrations.AddConstraint(
            model_name='talentplan',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'in_force', 'closed'])), name='talent_plan_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='talentplan',
            constraint=models.CheckConstraint(condition=models.Q(('year__gte', 2010), ('year__lte', 2100)), name='talent_plan_year_possible'),
        ),
        migrations.AddConstraint(
            model_name='talentplan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('state', 'closed')), models.Q(models.Q(('state', 'closed'), _negated=True), ('closed_at', None)), _connector='OR'), name='talent_plan_closed_has_time'),
        ),
        migrations.AddConstraint(
            model_name='plantarget',
            constraint=models.UniqueConstraint(models.F('plan'), models.F('key'), name='plan_target_counts_once'),
        ),
        migrations.AddConstraint(
            model_name='plantarget',
            constraint=models.UniqueConstraint(models.F('plan'), models.F('parent'), condition=models.Q(('parent__isnull', False)), name='plan_target_shared_once'),
        ),
        migrations.AddConstraint(
            model_name='plantarget',
            constraint=models.CheckConstraint(condition=models.Q(('number__lte', 1000000)), name='plan_target_possible'),
        ),
        migrations.AddConstraint(
            model_name='plantarget',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'trained'), ('sector', None)), models.Q(('course', None), ('kind', 'qualified'), ('route', ''), ('sector', None)), models.Q(('course', None), ('kind', 'posted'), ('level', None), ('route', '')), _connector='OR'), name='plan_target_narrowed_as_its_kind'),
        ),
        migrations.AddIndex(
            model_name='talentprofile',
            index=models.Index(fields=['path'], name='talent_by_path', opclasses=['varchar_pattern_ops']),
        ),
        migrations.AddIndex(
            model_name='talentprofile',
            index=models.Index(fields=['pinyin', 'person'], name='talent_by_pinyin'),
        ),
        migrations.AddIndex(
            model_name='talentprofile',
            index=models.Index(fields=['-minutes', 'pinyin', 'person'], name='talent_by_hours'),
        ),
        migrations.AddIndex(
            model_name='talentprofile',
            index=models.Index(fields=['practice_started_on', 'pinyin', 'person'], name='talent_by_practice'),
        ),
        migrations.AddIndex(
            model_name='talentprofile',
            index=models.Index(fields=['-rank', 'pinyin', 'person'], name='talent_by_rank'),
        ),
        migrations.AddConstraint(
            model_name='talentroute',
            constraint=models.UniqueConstraint(models.F('person'), models.F('since'), models.F('route'), name='talent_route_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='talentroute',
            constraint=models.CheckConstraint(condition=models.Q(('route__in', ['trained', 'recruited', 'promoted'])), name='talent_route_is_known'),
        ),
        append_only("credentials_talentroute"),
        migrations.RunPython(guard, unguard),
        migrations.RunPython(sectors, migrations.RunPython.noop),
    ]
