"""The registry of supervisors in the Wagtail admin."""

from supervision.supervisors.viewsets.designations import designations, document, end
from supervision.supervisors.viewsets.lists import ForReaders, ReaderMenuItem, trees
from supervision.supervisors.viewsets.load import SHOWN, load
from supervision.supervisors.viewsets.registry import (
    SupervisorCreate,
    SupervisorEdit,
    SupervisorFilterSet,
    SupervisorIndex,
    SupervisorViewSet,
)

__all__ = [
    "SHOWN",
    "ForReaders",
    "ReaderMenuItem",
    "SupervisorCreate",
    "SupervisorEdit",
    "SupervisorFilterSet",
    "SupervisorIndex",
    "SupervisorViewSet",
    "designations",
    "document",
    "end",
    "load",
    "trees",
]
