"""The view observations_wide: one row a region and year, one column an indicator, made at build time of dim_indicator.

A view can't grow columns with the data, so that the lexicon decides: every indicator has its column, named by its
code with an underscore for the point, also where no report states it.
"""

import duckdb

# One map a row and a look-up a column: an aggregate a column takes DuckDB a second, however few the rows.
_VIEW = """
CREATE VIEW observations_wide AS
WITH panel AS NOT MATERIALIZED (
    SELECT
        region_code,
        any_value(region) AS region,
        place_code,
        year,
        bool_or(synthetic) AS synthetic,
        map_from_entries(list((indicator_code, value))) AS figures
    FROM latest
    WHERE scope = 'region'
    GROUP BY region_code, place_code, year
)
SELECT
    region_code,
    region,
    place_code,
    year,
    synthetic{columns}
FROM panel;
COMMENT ON VIEW observations_wide IS {about};
"""
_ABOUT = (
    "The latest figures as a panel, those that stand for the year: one row a region and year, one column an indicator, "
    "named by its code with _ for the point; NULL where there is no figure (宽表)"
)
_COLUMNS = {
    "region_code": "Code of GB/T 2260 (行政区划代码)",
    "region": "Name of the region (地区)",
    "place_code": "Last code of the same place; follow a trend by it (地方代码)",
    "year": "Year of the report (年度)",
    "synthetic": "True where a figure of the row is made-up sample data (是否含合成样例)",
}


def define(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the view in the connected warehouse, with a comment on every column."""
    indicators = connection.execute(
        "SELECT indicator_code, indicator_zh, indicator_en, unit FROM dim_indicator ORDER BY indicator_code"
    ).fetchall()
    columns = "".join(f',\n    figures[{_text(code)}] AS "{_column(code)}"' for code, *_ in indicators)
    comments = _COLUMNS | {_column(code): f"{en}, in {unit} ({_plain(zh)})" for code, zh, en, unit in indicators}
    connection.begin()
    connection.execute(_VIEW.format(columns=columns, about=_text(_ABOUT)))
    for column, comment in comments.items():
        connection.execute(f'COMMENT ON COLUMN observations_wide."{column}" IS {_text(comment)}')
    connection.commit()


def _column(code: str) -> str:
    """litigation.loss_rate is litigation_loss_rate."""
    return code.replace(".", "_")


def _text(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


def _plain(zh: str) -> str:
    """A Chinese name without brackets of its own, since it stands in some."""
    return zh.translate(str.maketrans("()()", "[][]"))
