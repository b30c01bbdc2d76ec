"""An ID number is one person's under whatever type of document it was given: the hashes follow the form of the number."""

from typing import Any

from django.db import migrations

from core.migrations._hashes import change_hash, say_left
from core.people.sealed import identity_hash

READ = 500  # people who are read at a time


def recompute(apps: Any, _schema_editor: Any) -> None:
    """Only numbers that were given as a passport's can have the form of another document. What another account has already
    stays as it is and is said: an officer tells the two accounts apart."""
    Person = apps.get_model('core', 'Person')
    rows = Person.objects.filter(id_type='passport', id_hash__isnull=False).order_by('pk')
    left: list[int] = []
    for pk, number, before in rows.values_list('pk', 'id_sealed', 'id_hash').iterator(chunk_size=READ):
        now = identity_hash('passport', number)
        if now != before:
            left += change_hash(Person.objects.filter(pk=pk), before, now)
    say_left('core.Person', left)


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0014_languages_for_supervision'),
    ]

    operations = [
        migrations.RunPython(recompute, migrations.RunPython.noop),
    ]
