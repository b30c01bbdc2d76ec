"""A claim keeps who it was handed in for; a line keeps who has entered its claim, and keyed hashes of ID number and account."""

from importlib import import_module
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.migrations import AddConstraint
from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from core.audit.append_only import append_only, never_deleted
from core.audit.guards import Guards
from core.migrations._together import ChangeConstraints
from core.people.sealed import lookup_hash

_claims, _payments, _reversals, _identity = (
    import_module(f"credentials.migrations._{name}_guards") for name in ("claim", "payment", "reversal", "identity")
)
KEPT = (never_deleted('credentials_claim'), never_deleted('credentials_paymentline'), append_only('credentials_paymententry'))


def fill(apps: Any, schema_editor: Any) -> None:
    """What was handed in before is taken to be for whom its person is today; a line knows its own number."""
    Claim, Entry, Line, Person = (
        apps.get_model(*names.split('.'))
        for names in ('credentials.Claim', 'credentials.PaymentEntry', 'credentials.PaymentLine', 'core.Person')
    )
    person = Person.objects.filter(pk=OuterRef('person'))
    name, number = Subquery(person.values('name')[:1]), Coalesce(Subquery(person.values('id_hash')[:1]), Value(''))
    Claim.objects.exclude(state__in=('draft', 'withdrawn')).update(name=name, id_hash=number)
    Entry.objects.update(id_hash=number)
    rows = Line.objects.values_list('pk', 'account_sealed', 'id_sealed', 'claim__person__id_sealed', 'claim__person__id_hash')
    for pk, account, *of in rows.iterator():
        Line.objects.filter(pk=pk).update(id_hash=_hash_of(*of), account_hash=lookup_hash('account', account))
    # a line that its claim's enterer has built or released in former times says nothing of them
    enterer = Subquery(Claim.objects.filter(pk=OuterRef('claim')).values('entered_by')[:1])
    lines = Line.objects.exclude(claim__entered_by=None).exclude(claim__entered_by=F('built_by'))
    lines.filter(Q(released_by=None) | ~Q(claim__entered_by=F('released_by'))).update(enterer=enterer)
    if schema_editor.connection.vendor == 'postgresql':  # what waits for the end keeps a table from being changed
        schema_editor.execute('SET CONSTRAINTS ALL IMMEDIATE')
        schema_editor.execute('SET CONSTRAINTS ALL DEFERRED')


def _hash_of(number: str, kept: str | None, its_hash: str | None) -> str:
    """That of its person where the number is the same still; else as of a resident ID card, which has 18 characters."""
    if its_hash and number == kept:
        return its_hash
    return lookup_hash('id', f'resident_id:{number}') if len(number) == 18 else ''


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0014_languages_for_supervision'),
        ('credentials', '0026_guards_anew'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # SQLite makes these tables anew: all that guards them, or looks at them, is dropped first and set again at the end
        *(Guards(each.unguard, each.guard) for each in (_reversals, _payments, _claims)),
        *(Guards(each.reverse_code, each.code) for each in KEPT),
        migrations.AddField(
            model_name='claim',
            name='id_hash',
            field=models.CharField(blank=True, default='', max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='claim',
            name='name',
            field=models.CharField(blank=True, default='', max_length=60, verbose_name='name'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='paymententry',
            name='id_hash',
            field=models.CharField(blank=True, default='', max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='paymentline',
            name='account_hash',
            field=models.CharField(blank=True, default='', max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='paymentline',
            name='enterer',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='paymentline',
            name='id_hash',
            field=models.CharField(blank=True, default='', max_length=64),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='paymententry',
            index=models.Index(fields=['id_hash'], name='payment_entry_by_identity'),
        ),
        migrations.AddIndex(
            model_name='paymentline',
            index=models.Index(fields=['id_hash'], name='payment_line_by_identity'),
        ),
        ChangeConstraints([
            AddConstraint('claim', models.UniqueConstraint(models.F('id_hash'), models.F('family'), models.F('benefit'), models.F('key'), condition=models.Q(('state__in', ('draft', 'review', 'returned', 'cleared', 'notice', 'approved', 'locked', 'paid', 'given')), models.Q(('id_hash', ''), _negated=True)), name='claim_once_an_identity')),
            AddConstraint('paymentline', models.CheckConstraint(condition=models.Q(('enterer', None), models.Q(models.Q(('enterer', models.F('built_by')), _negated=True), models.Q(('released_by', None), models.Q(('enterer', models.F('released_by')), _negated=True), _connector='OR')), _connector='OR'), name='payment_line_paid_by_no_enterer')),
        ]),
        *KEPT,
        *(Guards(each.guard, each.unguard) for each in (_claims, _payments, _reversals, _identity)),
    ]
