"""`manage.py keys list|make|rotate|withdraw`: the signing keys, for whoever runs the machine."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.states import IllegalMove, Refused
from credentials.keys.actions import make_key, rotate_key, withdraw_key
from credentials.keys.files import has_private, is_open_to_others, path_of
from credentials.keys.models import SigningKey
from credentials.keys.queries import active_key, key_by_fingerprint
from credentials.keys.states import Purpose


class Command(BaseCommand):
    help = (
        "Signing keys. `list` shows them; `make` makes those that are missing (or the one named); `rotate` retires the "
        "keys in use (or the one named) and makes the next; `withdraw` ends trust in a key that others may have."
    )

    def add_arguments(self, parser: Any) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("list")
        for verb in ("make", "rotate"):
            verbs.add_parser(verb).add_argument("purpose", nargs="?", choices=Purpose.values)
        withdraw = verbs.add_parser("withdraw")
        withdraw.add_argument("fingerprint")
        withdraw.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['verb']}")(options)
        except (Refused, IllegalMove, OSError) as error:
            raise CommandError(str(error)) from error

    def _list(self, options: dict[str, Any]) -> None:
        for row in SigningKey.objects.all():
            file = str(path_of(row.fingerprint)) if has_private(row) else "NO PRIVATE KEY"
            if is_open_to_others(row):
                file += "  OPEN TO OTHERS – chmod 600, and rotate it if others use this machine"
            until = f" – {row.ended_at:%Y-%m-%d}" if row.ended_at else ""
            self.stdout.write(
                f"{row.purpose:6} {row.state:10} {row.fingerprint}  {row.starts_at:%Y-%m-%d}{until}  {file}"
            )

    def _make(self, options: dict[str, Any]) -> None:
        wanted = [options["purpose"]] if options["purpose"] else Purpose.values
        for purpose in wanted:
            if options["purpose"] or not active_key(purpose):
                self._say(make_key(purpose=purpose, actor=None))

    def _rotate(self, options: dict[str, Any]) -> None:
        rows = SigningKey.objects.active()
        if options["purpose"]:
            rows = rows.filter(purpose=options["purpose"])
        found = list(rows)
        if not found:
            raise CommandError("No key is in use. Make one: manage.py keys make")
        for row in found:
            self._say(rotate_key(key=row, actor=None))

    def _withdraw(self, options: dict[str, Any]) -> None:
        row = key_by_fingerprint(options["fingerprint"].strip().lower())
        if row is None:
            raise CommandError("There is no key with this fingerprint; see: manage.py keys list")
        if fresh := withdraw_key(key=row, reason=options["reason"], actor=None):
            self._say(fresh)

    def _say(self, row: SigningKey) -> None:
        self.stdout.write(f"{row.purpose}: {path_of(row.fingerprint)} – back it up now")
