"""Manifests as plain data. `examine` lets a package pass every guard and says what it holds."""

from lms.packages.policy.manifest.kinds import Found, examine, items_of, read_package, units_of

__all__ = ["Found", "examine", "items_of", "read_package", "units_of"]
