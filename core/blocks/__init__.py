"""What editors write with: the blocks that lessons and the pages of the site share (see bodies.py)."""
