"""The benchmark: what a page, a quiz and a certificate cost the server, against a budget (docs/performance.md)."""
