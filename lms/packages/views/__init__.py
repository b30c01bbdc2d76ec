"""The two sides of the player: what the site answers, and what the content's own host does."""
