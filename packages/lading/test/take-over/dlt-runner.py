"""Runs pipelines with the installed dlt, one request a line on stdin, one answer a line on stdout.

{"do": "run", "case": {...}, "step": {...}, "destination": {"name": "duckdb", "credentials": path}, "folder": path}
    one run of a pipeline; the case and its steps are in the form of the golden cases.
    Answers {"error": null or names of the exceptions, "log": [...], "schema_update": {table: [columns]}, "loads": [ids]}
{"do": "check", "destination": {"name": "postgres", "credentials": url}, "dataset": name}
    what dlt itself makes of what is stored. Answers {"versions": [[stored hash, hash]...], "states": [[stored, hash]...]}
{"do": "rest", ...}
    as run, of a source of dlt's REST API source: {"config": {...}, "name": ...}
"""

import contextlib
import datetime
import gc
import json
import logging
import os
import sys

os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
os.environ["RUNTIME__LOG_LEVEL"] = "INFO"
os.environ["LOAD__WORKERS"] = "1"
os.environ["LOAD__START_NEW_JOBS_ON_SIGNAL"] = "false"

import dlt  # noqa: E402
import duckdb  # noqa: E402
from dlt.common import pendulum  # noqa: E402
from dlt.common.schema import utils as schema_utils  # noqa: E402
from dlt.common.versioned_state import decompress_state, generate_state_version_hash  # noqa: E402


class Log(logging.Handler):
    """Keeps what dlt says of schemas and migrations, to be looked at."""

    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        self.lines.append(f"{record.levelname}: {record.getMessage()}")


def revive(pairs):
    """{"$time": text} is a moment; without an offset a naive one."""
    found = dict(pairs)
    if set(found) == {"$time"}:
        return datetime.datetime.fromisoformat(found["$time"].replace("Z", "+00:00"))
    return found


LAST_VALUE = {"max": max, "min": min}


def incremental_of(doc):
    options = {
        "initial_value": doc.get("initialValue"),
        "end_value": doc.get("endValue"),
        "row_order": doc.get("rowOrder"),
        "lag": doc.get("lag"),
        "last_value_func": LAST_VALUE[doc.get("lastValueFunc", "max")],
        "on_cursor_value_missing": doc.get("onCursorValueMissing", "raise"),
        "range_start": doc.get("rangeStart", "closed"),
        "range_end": doc.get("rangeEnd", "open"),
    }
    if "primaryKey" in doc:
        key = doc["primaryKey"]
        options["primary_key"] = tuple(key) if isinstance(key, list) else key
    return dlt.sources.incremental(doc["cursorPath"], **options)


def resource_of(doc):
    def pages():
        if "state" in doc:
            dlt.current.resource_state().update(doc["state"])
        if "sourceState" in doc:
            dlt.current.source_state().update(doc["sourceState"])
        yield from doc["pages"]

    hints = {}
    for ours, theirs in {
        "primaryKey": "primary_key",
        "mergeKey": "merge_key",
        "tableName": "table_name",
        "columns": "columns",
        "contract": "schema_contract",
        "maxTableNesting": "max_table_nesting",
        "references": "references",
        "fileFormat": "file_format",
    }.items():
        if ours in doc:
            hints[theirs] = doc[ours]
    if "nestedHints" in doc:
        hints["nested_hints"] = {
            tuple(path.split(".")): dlt.mark.make_nested_hints(**one)
            for path, one in doc["nestedHints"].items()
        }
    made = dlt.resource(pages, name=doc["name"], write_disposition=doc.get("write", "append"), **hints)
    if "incremental" in doc:
        made.apply_hints(incremental=incremental_of(doc["incremental"]))
    return made


def source_of(case, step):
    options = {
        theirs: case[ours]
        for ours, theirs in {
            "maxTableNesting": "max_table_nesting",
            "rootKey": "root_key",
            "contract": "schema_contract",
        }.items()
        if ours in case
    }
    name = step.get("source") or case.get("source") or case.get("pipeline", "gold")

    @dlt.source(name=name, **options)
    def made():
        return [resource_of(one) for one in step["resources"]]

    return made()


def names_of(error):
    found = []
    while error is not None and len(found) < 10:
        found.append(f"{type(error).__name__}: {error}"[:400])
        error = error.__cause__ or error.__context__
    return found


def run(request):
    case, step, to = request["case"], request["step"], request["destination"]
    env = case.get("env", {})
    before = {name: os.environ.get(name) for name in env}
    os.environ.update(env)
    log = Log()
    logging.getLogger("dlt").addHandler(log)
    answer = {"error": None, "schema_update": {}, "loads": []}
    try:
        pipeline = dlt.pipeline(
            case.get("pipeline", "gold"),
            destination=getattr(dlt.destinations, to["name"])(to["credentials"]),
            dataset_name=case.get("dataset", "gold"),
            pipelines_dir=request["folder"],
        )
        logging.getLogger("dlt").addHandler(log)
        if "rest" in case:
            from dlt.sources.rest_api import rest_api_source

            source = rest_api_source(case["rest"], name=case["source"])
        elif request.get("bare"):
            source = [resource_of(one) for one in step["resources"]]
        else:
            source = source_of(case, step)
        options = {"refresh": step["refresh"]} if "refresh" in step else {}
        try:
            info = pipeline.run(source, **options)
            for package in info.load_packages:
                answer["loads"].append(package.load_id)
                for table, update in package.schema_update.items():
                    columns = answer["schema_update"].setdefault(table, [])
                    columns.extend(update["columns"])
        except Exception as error:
            answer["error"] = names_of(error)
        finally:
            pipeline.deactivate()
    finally:
        logging.getLogger("dlt").removeHandler(log)
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
    del pipeline
    gc.collect()
    return {**answer, "log": log.lines}


def connect(destination):
    if destination["name"] == "duckdb":
        return duckdb.connect(destination["credentials"], read_only=True)
    import psycopg2

    return psycopg2.connect(destination["credentials"])


def check(request):
    """Both hashes of everything that is stored: the one beside it, and the one that dlt computes."""
    with contextlib.closing(connect(request["destination"])) as connection:

        def rows(sql):
            cursor = connection.cursor()
            cursor.execute(sql)
            return cursor.fetchall()

        at = '"' + request["dataset"] + '".'
        versions = rows(f"select version_hash, schema from {at}_dlt_version order by inserted_at")
        states = rows(f"select version_hash, state from {at}_dlt_pipeline_state order by _dlt_load_id")
    return {
        "versions": [
            [stored, schema_utils.generate_version_hash(json.loads(text))] for stored, text in versions
        ],
        "states": [[stored, generate_state_version_hash(decompress_state(text), ["_local"])] for stored, text in states],
    }


def main():
    # What dlt prints goes elsewhere: the answers alone are on stdout.
    answers, sys.stdout = sys.stdout, sys.stderr
    print(json.dumps({"dlt": dlt.__version__, "duckdb": duckdb.__version__}), file=answers, flush=True)
    for line in sys.stdin:
        request = json.loads(line, object_pairs_hook=revive)
        try:
            answer = {"run": run, "check": check}[request["do"]](request)
        except Exception as error:
            answer = {"failed": names_of(error)}
        print(json.dumps(answer), file=answers, flush=True)


main()
