"""The data dictionary: every table, view and macro of a warehouse with its columns, made of their comments."""

from collections.abc import Iterable, Iterator

from warehouse.relations import Relation, macros, relations

_INTRODUCTION = """\
# Data dictionary

What stands in `warehouse.duckdb`, made of the comments in it by `make dictionary`; don't edit it here. In DuckDB the
same is asked with `select comment from duckdb_columns() where table_name = 'observations'`. The view
`observations_wide` has a further column for each indicator of the lexicon.
"""


def dictionary() -> str:
    """The dictionary as Markdown."""
    known = relations().values()
    return _INTRODUCTION + "".join(
        [
            *_sections("Views", (one for one in known if one.is_view)),
            *_sections("Macros", (Relation(name, False, meaning, ()) for name, meaning in macros().items())),
            *_sections("Tables", (one for one in known if not one.is_view)),
        ]
    )


def _sections(kind: str, described: Iterable[Relation]) -> Iterator[str]:
    yield f"\n## {kind}\n"
    for one in described:
        yield f"\n### {one.name}\n\n{one.meaning}\n"
        if one.columns:
            yield "\n| column | type | meaning |\n|---|---|---|\n"
            yield from (f"| `{column.name}` | {column.type} | {_cell(column.meaning)} |\n" for column in one.columns)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
