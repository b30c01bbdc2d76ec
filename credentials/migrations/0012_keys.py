"""Keys to sign with; which key signed which file, later editions of a file, and a kind of reason."""

from importlib import import_module
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.audit.append_only import append_only

_guards = import_module("credentials.migrations.0002_guards")

CERTIFICATE, KEY = "credentials_certificate", "credentials_signingkey"
KEY_FROZEN = ("purpose", "fingerprint", "public_key", "certificate", "starts_at", "expires_at")


def unguard_certificates(apps: Any, schema_editor: Any) -> None:
    """The guard steps aside: SQLite makes a table anew that gets a column."""
    _guards.unguard(apps, schema_editor)
    if schema_editor.connection.vendor == "postgresql":
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION IF EXISTS credentials_certificate_frozen()")


def guard(apps: Any, schema_editor: Any) -> None:
    """As before; besides, the key of a file never changes, nor the kind of reason, nor what a signing key is."""
    _guards.guard(apps, schema_editor)
    postgres = schema_editor.connection.vendor == "postgresql"
    differs = "IS DISTINCT FROM" if postgres else "IS NOT"
    kept = f"OLD.sha256 <> '' AND OLD.signed_with_id {differs} NEW.signed_with_id"
    kept += " OR (OLD.state <> 'valid' AND OLD.reason_class <> NEW.reason_class)"
    same = " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in KEY_FROZEN)
    same += " OR (OLD.state <> NEW.state AND NOT ((OLD.state = 'active' AND NEW.state IN ('retired', 'withdrawn'))"
    same += " OR (OLD.state = 'retired' AND NEW.state = 'withdrawn')))"
    _trigger(schema_editor, f"{CERTIFICATE}_signed", CERTIFICATE, "UPDATE", kept)
    _trigger(schema_editor, f"{KEY}_frozen", KEY, "UPDATE", same)
    _trigger(schema_editor, f"{KEY}_kept", KEY, "DELETE", "")


def _trigger(schema_editor: Any, name: str, table: str, verb: str, condition: str) -> None:
    when = f"WHEN ({condition})" if condition else ""
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "postgresql":
            cursor.execute(
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW {when} "
                "EXECUTE FUNCTION credentials_certificate_frozen()"
            )
        else:
            stop = "BEGIN SELECT RAISE(ABORT, 'keys and what they signed are never changed'); END"
            cursor.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {when} {stop}")


def unguard(apps: Any, schema_editor: Any) -> None:
    postgres = schema_editor.connection.vendor == "postgresql"
    with schema_editor.connection.cursor() as cursor:
        for name, table in ((f"{CERTIFICATE}_signed", CERTIFICATE), (f"{KEY}_frozen", KEY), (f"{KEY}_kept", KEY)):
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}" + (f" ON {table}" if postgres else ""))
    unguard_certificates(apps, schema_editor)


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0014_languages_for_supervision'),
        ('credentials', '0001_squashed_0011_year_caps'),
        ('lms', '0001_squashed_0029_taken_for'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(unguard_certificates, _guards.guard),
        migrations.AddField(
            model_name='certificate',
            name='reason_class',
            field=models.CharField(blank=True, choices=[('mistake', 'Issued by mistake'), ('untrue', 'Obtained by untrue statements'), ('rules', 'Against the rules of the course or the profession'), ('name', 'The name was corrected'), ('print', 'A printed fact was wrong'), ('renewed', 'Renewed for another term'), ('other', 'Another reason')], max_length=10, verbose_name='kind of reason'),
        ),
        migrations.CreateModel(
            name='SigningKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('pdf', 'Signatures of PDF files'), ('badge', 'Proofs of badges'), ('token', 'Badges as tokens (JWT)')], max_length=8, verbose_name='purpose')),
                ('state', models.CharField(choices=[('active', 'In use'), ('retired', 'Retired'), ('withdrawn', 'Withdrawn')], default='active', max_length=10, verbose_name='state')),
                ('fingerprint', models.CharField(max_length=64, unique=True, verbose_name='fingerprint')),
                ('public_key', models.TextField(verbose_name='public key')),
                ('certificate', models.TextField(blank=True, verbose_name='certificate of the key')),
                ('starts_at', models.DateTimeField(verbose_name='in use since')),
                ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='certificate valid until')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='in use until')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'signing key',
                'verbose_name_plural': 'signing keys',
                'ordering': ['purpose', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='CertificateEdition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='edition')),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('file', models.CharField(max_length=200)),
                ('signed_at', models.DateTimeField()),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('certificate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='credentials.certificate')),
                ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('signed_with', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='credentials.signingkey')),
            ],
            options={
                'verbose_name': 'edition of a certificate',
                'verbose_name_plural': 'editions of certificates',
                'ordering': ['certificate', 'number'],
            },
        ),
        migrations.AddField(
            model_name='certificate',
            name='signed_with',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='credentials.signingkey'),
        ),
        migrations.AddField(
            model_name='hoursstatement',
            name='signed_with',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='credentials.signingkey'),
        ),
        migrations.AddConstraint(
            model_name='certificate',
            constraint=models.CheckConstraint(condition=models.Q(('reason_class', ''), models.Q(('reason_class__in', ['mistake', 'untrue', 'rules', 'name', 'print', 'renewed', 'other']), models.Q(('state', 'valid'), _negated=True)), _connector='OR'), name='certificate_reason_class_known'),
        ),
        migrations.AddConstraint(
            model_name='signingkey',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'active')), fields=('purpose',), name='signing_key_one_active'),
        ),
        migrations.AddConstraint(
            model_name='signingkey',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('state', 'active')), models.Q(('ended_at__isnull', False), ('state', 'retired')), models.Q(('ended_at__isnull', False), ('state', 'withdrawn'), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='signing_key_ends_known'),
        ),
        migrations.AddConstraint(
            model_name='signingkey',
            constraint=models.CheckConstraint(condition=models.Q(('purpose__in', ['pdf', 'badge', 'token']), models.Q(models.Q(('purpose', 'pdf'), _negated=True), models.Q(('certificate', ''), _negated=True), _connector='OR')), name='signing_key_of_pdf_has_certificate'),
        ),
        migrations.AddConstraint(
            model_name='certificateedition',
            constraint=models.UniqueConstraint(fields=('certificate', 'number'), name='certificate_edition_numbered'),
        ),
        migrations.AddConstraint(
            model_name='certificateedition',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 2), models.Q(('sha256', ''), _negated=True), models.Q(('file', ''), _negated=True)), name='certificate_edition_has_file'),
        ),
        migrations.RunPython(guard, unguard),
        append_only("credentials_certificateedition"),
        append_only("credentials_hoursstatement", again=True),
    ]
