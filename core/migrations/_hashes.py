"""Keyed hashes that change row by row: a row that would stand twice stays as it is, and is named."""

import sys
from typing import Any

from django.db import IntegrityError, transaction


def change_hash(rows: Any, before: str, now: str) -> list[int]:
    """The numbers of those rows that stay as they are, because another row has the new hash already. Whatever else the
    database refuses is an error: then the migration stops, and changes nothing."""
    left = []
    for pk in list(rows.filter(id_hash=before).order_by('pk').values_list('pk', flat=True)):
        try:
            with transaction.atomic():
                rows.filter(pk=pk, id_hash=before).update(id_hash=now)
        except IntegrityError as error:
            if not _stands_twice(error):
                raise
            left.append(pk)
    return left


def _stands_twice(error: IntegrityError) -> bool:
    """Refused by a unique index; triggers and checks have other codes."""
    said = error.__cause__
    return getattr(said, 'sqlstate', '') == '23505' or getattr(said, 'sqlite_errorname', '') == 'SQLITE_CONSTRAINT_UNIQUE'


def say_left(model: str, pks: list[int]) -> None:
    """To whoever runs `migrate`, by the numbers of the rows: never whose they are, nor what was hashed."""
    if pks:
        named = ', '.join(f'{pk:06}' for pk in pks)
        sys.stdout.write(
            f'\n  {model}: {len(pks)} times another account has the same ID number. These rows stay as they were: {named}. '
            'See "One number, two accounts" in docs/operators.md.\n'
        )
