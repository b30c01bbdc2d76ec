"""People check out after the end, so long as the cohort's rule says; and a class knows who was to teach it before."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('lms', '0026_shown_answers'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='attendancerule',
            name='attendance_rule_possible',
        ),
        migrations.AddField(
            model_name='attendancerule',
            name='check_out_after_minutes',
            field=models.PositiveSmallIntegerField(default=30, verbose_name='check-out stays open so many minutes after the class'),
        ),
        migrations.AddField(
            model_name='register',
            name='check_out_after_minutes',
            field=models.PositiveSmallIntegerField(default=30),
        ),
        migrations.AddConstraint(
            model_name='attendancerule',
            constraint=models.CheckConstraint(condition=models.Q(('min_percent__lte', 100), ('opens_before_minutes__lte', 1440), ('late_after_minutes__lte', 240), ('leave_days_after__lte', 60), ('check_out_after_minutes__lte', 60), ('closes_after_hours__gte', 1), ('closes_after_hours__lte', 720), ('counting__in', ['stay', 'whole'])), name='attendance_rule_possible', violation_error_message='One of these numbers is too large.'),
        ),
        migrations.AddField(
            model_name='classsession',
            name='former_instructors',
            field=models.ManyToManyField(blank=True, related_name='+', to='core.person', verbose_name='former instructors'),
        ),
    ]
