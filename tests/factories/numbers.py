"""Numbers that no two rows of one run share."""

import itertools

numbers = itertools.count(1)
