"""Python dlt in the benchmark.

load BASE_URL DATABASE MODE DISPOSITION   loads the API; MODE is default, or the format of its files
copy SOURCE_URL DATABASE BACKEND FORMAT   loads the table shop.orders of a database
count DATABASE TABLE...                   prints how many rows each table has, as JSON
ask DATABASE SQL                          prints the first row of a query of a DuckDB file, as JSON

DATABASE is a DuckDB file, or the connection string of a PostgreSQL server.
"""

import json
import os
import sys
import time

os.environ.setdefault("RUNTIME__LOG_LEVEL", "ERROR")
os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"


def load(base_url: str, database: str, mode: str, disposition: str) -> None:
    import dlt
    from dlt.sources.rest_api import rest_api_source

    hints = {"write_disposition": "merge", "primary_key": "id"} if disposition == "merge" else {}
    source = rest_api_source(
        {
            "client": {
                "base_url": base_url,
                "paginator": {"type": "json_link", "next_url_path": "next_page_url"},
            },
            "resources": [
                {
                    "name": "orders",
                    "endpoint": {"path": "v2/orders", "data_selector": "data"},
                    **hints,
                }
            ],
        },
        name="bench",
    )
    if mode != "default":
        source.resources["orders"].apply_hints(file_format=mode)
    run(source, database)


def copy(source_url: str, database: str, backend: str, file_format: str) -> None:
    from dlt.sources.sql_database import sql_table

    # Which driver SQLAlchemy takes by itself depends on its version.
    credentials = source_url.replace("postgresql:", "postgresql+psycopg2:", 1)
    table = sql_table(
        credentials=credentials, schema="shop", table="orders", backend=backend, chunk_size=50_000
    )
    table.apply_hints(file_format=file_format)
    run(table, database)


def run(source, database: str) -> None:
    import dlt

    is_server = database.startswith("postgresql:")
    destination = dlt.destinations.postgres if is_server else dlt.destinations.duckdb
    pipeline = dlt.pipeline("bench", destination=destination(database), dataset_name="bench_data")
    start = time.perf_counter()
    pipeline.run(source)
    seconds = time.perf_counter() - start
    print(json.dumps({"version": dlt.__version__, "work_seconds": round(seconds, 3)}))


def count(database: str, *tables: str) -> None:
    import duckdb

    with duckdb.connect(database, read_only=True) as connection:
        rows = {
            table: connection.execute(f'select count(*) from bench_data."{table}"').fetchone()[0]
            for table in tables
        }
    print(json.dumps(rows))


def ask(database: str, sql: str) -> None:
    import duckdb

    with duckdb.connect(database, read_only=True) as connection:
        print(json.dumps([str(value) for value in connection.execute(sql).fetchone()]))


if __name__ == "__main__":
    {"load": load, "copy": copy, "count": count, "ask": ask}[sys.argv[1]](*sys.argv[2:])
