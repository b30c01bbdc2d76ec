"""Reading for claims: what is known of people, what they can claim, and what waits for whom."""
