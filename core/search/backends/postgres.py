"""Search on PostgreSQL: the tsvector columns that Wagtail keeps, filled and asked with our tokens.

Both sides are written as literals, so neither the server's dictionaries nor its idea of a letter (which depends on
its locale) has a say.
"""

from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Case, Expression, F, FloatField, QuerySet, Value, When
from django.db.models.expressions import Combinable, CombinedExpression
from modelsearch.backends.database.postgres.postgres import PostgresIndex, PostgresSearchBackend
from modelsearch.backends.database.postgres.weights import get_sql_weights, get_weight

from core.search.compiler import ConditionCompiler
from core.search.conditions import Condition, Every, Some, Term, Without, title_phrase_of
from core.search.indexing import IndexedObject, IndexedText, TokenIndex
from core.search.policy import index_tokens

# PostgreSQL's own limits: a tsvector holds a megabyte (title and body are joined in a query), a lexeme 255 places.
MAX_VECTOR_BYTES = 450_000
MAX_PLACES = 255
LAST_PLACE = 16_383


def ts_query(condition: Condition) -> str:
    """A condition as a tsquery literal. Tokens are letters and digits, so nothing needs escaping."""
    match condition:
        case Term():
            return " <-> ".join(f"'{token}'" for token in condition.tokens) + (
                ":*" if condition.is_open else ""
            )
        case Every() | Some():
            operator = " & " if isinstance(condition, Every) else " | "
            return operator.join(f"({ts_query(part)})" for part in condition.parts)
        case Without():
            return f"!({ts_query(condition.part)})"
    raise ValueError("Everything is not a query.")


def ts_vector(texts: tuple[IndexedText, ...]) -> str:
    """Texts as a tsvector literal, each token with its places and the weight of its field.

    Stops before PostgreSQL's size limit; the end of such a text cannot be found.
    """
    places: dict[str, list[str]] = {}
    place = size = 0
    for part in texts:
        weight = get_weight(part.boost)
        for token in index_tokens(part.text):
            place += 1
            size += 2 if token in places else len(token.encode()) + 8
            if size > MAX_VECTOR_BYTES:
                break
            known = places.setdefault(token, [])
            if len(known) < MAX_PLACES:
                known.append(f"{min(place, LAST_PLACE)}{weight}")
        place += 1  # no phrase runs from one field into the next
    return " ".join(f"'{token}':{','.join(known)}" for token, known in places.items())


class LiteralQuery(SearchQuery):
    """A tsquery that the server takes as it is written."""

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **kwargs: Any) -> Any:
        """The text itself with its type, in place of a call that would parse it."""
        sql, params = compiler.compile(self.get_source_expressions()[-1])
        return f"({sql})::tsquery", params


class Index(TokenIndex, PostgresIndex):
    """Keeps tokens in place of text."""

    def columns_of(self, texts: IndexedObject) -> dict[str, str]:
        return {
            "title": ts_vector(texts.title),
            "body": ts_vector(texts.body),
            "autocomplete": ts_vector(texts.autocomplete),
        }


class SearchQueryCompiler(ConditionCompiler):
    """Whole words, in title and body; a title weighs by its share that was hit."""

    def match(self, condition: Condition) -> tuple[QuerySet[Any], list[Expression]]:
        query = LiteralQuery(ts_query(condition))
        queryset = self.queryset.alias(_vector=self._vector()).filter(_vector=query)
        return queryset, [*self._title_first(), self._rank(query)]

    def _vector(self) -> Combinable:
        return CombinedExpression(F("index_entries__title"), "||", F("index_entries__body"))

    def _rank(self, query: LiteralQuery) -> Expression:
        weights = get_sql_weights()
        title = SearchRank(F("index_entries__title"), query, weights=weights) * F("index_entries__title_norm")
        return title + SearchRank(F("index_entries__body"), query, weights=weights)

    def _title_first(self) -> list[Expression]:
        phrase = title_phrase_of(self.query, is_partial=self.is_partial)
        if phrase is None:
            return []
        says_so = When(
            index_entries__title=LiteralQuery(ts_query(phrase)), then=F("index_entries__title_norm")
        )
        return [Case(says_so, default=Value(0.0), output_field=FloatField())]


class AutocompleteQueryCompiler(SearchQueryCompiler):
    """Words may be unfinished; only the fields meant for it."""

    is_partial = True

    def _vector(self) -> Combinable:
        return F("index_entries__autocomplete")

    def _rank(self, query: LiteralQuery) -> Expression:
        return SearchRank(F("index_entries__autocomplete"), query, weights=get_sql_weights())


class SearchBackend(PostgresSearchBackend):
    """Wagtail's backend for PostgreSQL with our index and our queries."""

    index_class = Index
    query_compiler_class = SearchQueryCompiler
    autocomplete_query_compiler_class = AutocompleteQueryCompiler
