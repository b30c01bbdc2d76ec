"""Packages, how far somebody is in one, and what the units of cmi5 say and keep."""

from lms.packages.models.launches import Launch, StateDocument, Statement
from lms.packages.models.packages import (
    Package,
    PackageQuerySet,
    PackageUpload,
    PackageUploadQuerySet,
    PackageVersion,
    Registration,
    RegistrationQuerySet,
    ScoState,
)

__all__ = [
    "Launch",
    "Package",
    "PackageQuerySet",
    "PackageUpload",
    "PackageUploadQuerySet",
    "PackageVersion",
    "Registration",
    "RegistrationQuerySet",
    "ScoState",
    "StateDocument",
    "Statement",
]
