"""What payment asks of claims, batches and budgets."""
