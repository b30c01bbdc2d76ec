"""Search on SQLite: the FTS5 table that Wagtail keeps, filled and asked with our tokens."""

from typing import Any

from django.db.models import (
    AutoField,
    BigIntegerField,
    Case,
    Expression,
    F,
    FloatField,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast
from modelsearch.backends.database.sqlite.query import BM25, MatchExpression, SQLiteFTSIndexEntry
from modelsearch.backends.database.sqlite.sqlite import SQLiteIndex, SQLiteSearchBackend
from modelsearch.utils import get_descendants_content_types_pks

from core.search.compiler import ConditionCompiler
from core.search.conditions import Condition, Every, Some, Term, Without, is_negative, title_phrase_of
from core.search.indexing import IndexedObject, IndexedText, TokenIndex
from core.search.policy import tokens_for_index

TITLE_WEIGHT = 8.0  # a hit in the title against one in the body


def fts_query(condition: Condition) -> str:
    """A condition without *not*, in the language of FTS5. Tokens are letters and digits, so nothing needs escaping."""
    match condition:
        case Term():
            return f'"{" ".join(condition.tokens)}"' + ("*" if condition.is_open else "")
        case Every() | Some():
            operator = " AND " if isinstance(condition, Every) else " OR "
            return "(" + operator.join(fts_query(part) for part in condition.parts) + ")"
    raise ValueError("FTS5 can only take away from something that it found.")


class TitleBM25(BM25):
    """FTS5's own ranking, turned so that more is better. The columns are autocomplete, body, title."""

    def as_sql(self, *args: Any, **kwargs: Any) -> tuple[str, list[Any]]:
        return f"-bm25({SQLiteFTSIndexEntry._meta.db_table}, 1.0, 1.0, {TITLE_WEIGHT})", []


class Index(TokenIndex, SQLiteIndex):
    """Keeps tokens in place of text; triggers of Wagtail carry them into the FTS5 table."""

    def columns_of(self, texts: IndexedObject) -> dict[str, str]:
        return {
            "title": _tokens(texts.title),
            "body": _tokens(texts.body),
            "autocomplete": _tokens(texts.autocomplete),
        }


def _tokens(texts: tuple[IndexedText, ...]) -> str:
    return " ".join(tokens_for_index(part.text) for part in texts)


class SearchQueryCompiler(ConditionCompiler):
    """Whole words, in title and body."""

    columns = ["title", "body"]

    def match(self, condition: Condition) -> tuple[QuerySet[Any], list[Expression]]:
        """What is found is joined and ranked; what must not be there is taken away by a subquery."""
        parts = condition.parts if isinstance(condition, Every) else (condition,)
        sought = tuple(part for part in parts if not is_negative(part))
        rest = [self._as_q(part) for part in parts if is_negative(part)]
        if not sought:
            return self.queryset.filter(*rest), []
        queryset = self.queryset.filter(
            MatchExpression(self.columns, Value(fts_query(Every(sought)))),
            *self._same_object(),
            index_entries__sqliteftsindexentry__isnull=False,
        )
        return queryset.filter(*rest), [*self._title_first(), TitleBM25()]

    def _same_object(self) -> list[Q]:
        """Compares keys as numbers too, or SQLite would read every object for each hit."""
        key = self.queryset.model._meta.pk
        while key.remote_field:
            key = key.target_field
        if isinstance(key, AutoField | IntegerField):
            return [Q(pk=Cast("index_entries__object_id", BigIntegerField()))]
        return []

    def _title_first(self) -> list[Expression]:
        phrase = title_phrase_of(self.query, is_partial=self.is_partial)
        if phrase is None:
            return []
        return [
            Case(
                When(self._object_in(phrase, ["title"]), then=F("index_entries__title_norm")),
                default=Value(0.0),
                output_field=FloatField(),
            )
        ]

    def _object_in(self, condition: Condition, columns: list[str]) -> Q:
        """Whether the object is among those found; a subquery, so that the main join stays an inner one."""
        kinds = get_descendants_content_types_pks(self.queryset.model)
        found = MatchExpression(columns, Value(fts_query(condition)))
        entries = SQLiteFTSIndexEntry.objects.filter(found, index_entry__content_type__in=kinds)
        return Q(pk__in=entries.values("index_entry__object_id"))

    def _as_q(self, condition: Condition) -> Q:
        if isinstance(condition, Without):
            return ~self._as_q(condition.part)
        if isinstance(condition, Every | Some) and is_negative(condition):
            operator = Q.AND if isinstance(condition, Every) else Q.OR
            return Q(*[self._as_q(part) for part in condition.parts], _connector=operator)
        return self._object_in(condition, self.columns)


class AutocompleteQueryCompiler(SearchQueryCompiler):
    """Words may be unfinished; only the fields meant for it."""

    columns = ["autocomplete"]
    is_partial = True


class SearchBackend(SQLiteSearchBackend):
    """Wagtail's backend for SQLite with our index and our queries."""

    index_class = Index
    query_compiler_class = SearchQueryCompiler
    autocomplete_query_compiler_class = AutocompleteQueryCompiler
