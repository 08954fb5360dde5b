"""Python dlt in the benchmark.

load BASE_URL DATABASE MODE DISPOSITION   loads the API into DuckDB; MODE is default or parquet
count DATABASE TABLE...                   prints how many rows each table has, as JSON
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
    if mode == "parquet":
        source.resources["orders"].apply_hints(file_format="parquet")
    pipeline = dlt.pipeline(
        "bench",
        destination=dlt.destinations.duckdb(database),
        dataset_name="bench_data",
        pipelines_dir=os.path.join(os.path.dirname(database), "pipelines"),
    )
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


if __name__ == "__main__":
    {"load": load, "count": count}[sys.argv[1]](*sys.argv[2:])
