from supervision.supervisors.viewsets.lists import FindsPairs, ForReaders, trees
from supervision.supervisors.viewsets.registry import SupervisorViewSet

__all__ = [
    "FindsPairs",
    "ForReaders",
    "SupervisorViewSet",
    "trees",
]
