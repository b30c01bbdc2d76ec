"""SCORM 2004 Sequencing and Navigation, as the server decides it: which part comes next, and what the whole has come to."""

from lms.packages.policy.sequencing.status import Fact, Tree, is_sequenced, tree_of
from lms.packages.policy.sequencing.ways import Ways, ways_of

__all__ = ["Fact", "Tree", "Ways", "is_sequenced", "tree_of", "ways_of"]
