"""Reference data that every installation needs: regions and the list of service fields."""

from __future__ import annotations

from core.organisations.models import Region
from core.organisations.regions import read_regions


def load_regions() -> int:
    """Bring the region table up to the committed data; returns how many rows were written. Nothing is deleted."""
    known = dict(Region.objects.values_list("code", "name"))
    rows = [row for row in read_regions() if known.get(row.code) != row.name]
    for level in ("province", "city", "county", "street"):  # parents first
        Region.objects.bulk_create(
            [
                Region(code=row.code, name=row.name, level=row.level, parent_id=row.parent or None)
                for row in rows
                if row.level == level
            ],
            batch_size=1000,
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["name", "level", "parent"],
        )
    return len(rows)
