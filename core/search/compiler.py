"""From a query to a queryset: the part that both databases share."""

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Expression, FloatField, Q, QuerySet, Value
from modelsearch.backends.base import BaseSearchQueryCompiler

from core.search.conditions import NOTHING, Anything, Condition, Every, Some, Term, Without, condition_of


class ConditionCompiler(BaseSearchQueryCompiler):
    """Turns a query into a condition; each database says in `match` how a condition is looked up."""

    DEFAULT_OPERATOR = "and"
    HANDLES_ORDER_BY_EXPRESSIONS = True
    is_partial = False
    """Whether words may be unfinished (autocomplete)."""

    def match(self, condition: Condition) -> tuple[QuerySet[Any], list[Expression]]:
        """The objects that meet a condition, and what to sort them by, highest first; the last is the score."""
        raise NotImplementedError

    def get_config(self, backend: Any) -> None:
        """Wagtail asks for a dictionary's name; words are cut by us, so there is none."""

    def search(
        self,
        config: None,
        start: int | None,
        stop: int | None,
        score_field: str | None = None,
        backend: Any = None,
    ) -> QuerySet[Any]:
        """The results between two places, in order, each with its score when a name for it is given."""
        condition = condition_of(self.query, is_partial=self.is_partial)
        if condition == NOTHING:
            return self.queryset.none()
        queryset, ranks = self._found(condition)
        if score_field:
            queryset = queryset.annotate(**{score_field: ranks[-1] if ranks else Value(0.0, FloatField())})
        if ranks and self.order_by_relevance:
            queryset = queryset.order_by(*[rank.desc() for rank in ranks], "-pk")
        elif not queryset.ordered and condition != Anything():
            queryset = queryset.order_by("-pk")  # else the pages of results would overlap
        return queryset[start:stop]

    def _found(self, condition: Condition) -> tuple[QuerySet[Any], list[Expression]]:
        if condition == Anything():
            return self.queryset, []
        if self._is_by_field():
            return self.queryset.filter(fields_contain(condition, self.fields)), []
        return self.match(condition)

    def _is_by_field(self) -> bool:
        """Whether the caller named fields that can be read directly; the index only knows title and the rest.

        A field that is a method has no column: then the index answers for all fields together.
        """
        try:
            return bool(
                [self.queryset.model._meta.get_field(name.split("__")[0]) for name in self.fields or ()]
            )
        except FieldDoesNotExist:
            return False


def fields_contain(condition: Condition, fields: list[str]) -> Q:
    """The condition asked of columns themselves, without an index."""
    match condition:
        case Term():
            matches = Q()
            for token in condition.tokens:
                in_one = Q()
                for field in fields:
                    in_one |= Q(**{f"{field}__icontains": token})
                matches &= in_one
            return matches
        case Every() | Some():
            operator = Q.AND if isinstance(condition, Every) else Q.OR
            return Q(*[fields_contain(part, fields) for part in condition.parts], _connector=operator)
        case Without():
            return ~fields_contain(condition.part, fields)
        case Anything():
            return Q(pk__isnull=False)
