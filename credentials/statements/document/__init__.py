"""The hours statement as a PDF: frozen facts in, the same bytes out. Chinese, as the authorities read it. No database."""

from credentials.statements.document.drawing import render
from credentials.statements.document.facts import StatementFacts, StatementLine

__all__ = ["StatementFacts", "StatementLine", "render"]
