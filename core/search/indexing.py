"""What an object gives to the index: the texts of its search fields."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Manager, Model, QuerySet
from modelsearch.index import AutocompleteField, RelatedFields, SearchField


@dataclass(frozen=True)
class IndexedText:
    """One field's text and the boost that its model gave it; no boost means the least."""

    text: str
    boost: float | None = None


@dataclass(frozen=True)
class IndexedObject:
    """The texts of one object, by the column of the index they belong to."""

    object_id: str
    title: tuple[IndexedText, ...]
    body: tuple[IndexedText, ...]
    autocomplete: tuple[IndexedText, ...]

    @property
    def title_norm(self) -> float:
        """How much a hit in the title weighs, between 0 and 1: the shorter the title, the more of it was hit."""
        return 20 / (20 + sum(len(part.text) for part in self.title))


def read_object(obj: Any) -> IndexedObject:
    """Reads the search fields of an object, following its relations; queries them where they are not prefetched."""
    found = list(_fields_of(obj, obj.get_search_fields()))
    searched = [(field, text) for field, text in found if isinstance(field, SearchField)]
    return IndexedObject(
        object_id=str(obj.pk),
        title=tuple(
            IndexedText(text, field.boost) for field, text in searched if field.field_name == "title"
        ),
        body=tuple(IndexedText(text, field.boost) for field, text in searched if field.field_name != "title"),
        autocomplete=tuple(
            IndexedText(text) for field, text in found if isinstance(field, AutocompleteField)
        ),
    )


def _fields_of(obj: Any, fields: Iterable[Any]) -> Iterator[tuple[Any, str]]:
    for field in fields:
        if isinstance(field, RelatedFields):
            for related in _related(field.get_value(obj)):
                yield from _fields_of(related, field.fields)
        elif isinstance(field, SearchField | AutocompleteField):
            yield field, _plain(field.get_value(obj))


def _related(value: Any) -> Iterable[Model]:
    if value is None:
        return ()
    if isinstance(value, Manager):
        return value.all()
    return (value,)


def _plain(value: Any) -> str:
    """Any value as text; the parts of a list stand on lines of their own, so that no word runs across them."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return _plain(list(value.values()))
    if isinstance(value, list | tuple | set):
        return "\n".join(_plain(part) for part in value)
    return str(value)


class TokenIndex:
    """The part of an index that both databases share; mixed in before Wagtail's own index class."""

    entries: QuerySet[Any]
    write_connection: Any

    def columns_of(self, texts: IndexedObject) -> dict[str, str]:
        """The values of title, body and autocomplete for one object."""
        raise NotImplementedError

    def add_items(self, model: type[Model], objs: Iterable[Any]) -> None:
        """Writes or rewrites the entries of objects of one model, all in one statement."""
        if not model.get_search_fields():  # type: ignore[attr-defined]  # every indexed model has it
            return
        content_type = ContentType.objects.get_for_model(model)
        entry = self.entries.model
        by_id = {texts.object_id: texts for texts in map(read_object, objs)}
        self.entries.using(self.write_connection.alias).bulk_create(
            [
                entry(
                    content_type=content_type,
                    object_id=texts.object_id,
                    title_norm=texts.title_norm,
                    **self.columns_of(texts),
                )
                for texts in by_id.values()
            ],
            update_conflicts=True,
            unique_fields=["content_type", "object_id"],
            update_fields=["title", "body", "autocomplete", "title_norm"],
        )

    def _refresh_title_norms(self, full: bool = False) -> None:
        """Nothing to do: here the norm depends on the title alone, so no save reads the whole index."""
