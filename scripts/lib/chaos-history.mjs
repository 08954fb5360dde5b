import { dataset, rowsOf, withReader } from "./chaos-processes.mjs";

/**
 * What is wrong with the histories of a dataset, whatever they are compared with: each key has one version that is valid now
 * at most, no two that are valid at once, each version ends after it began, and each boundary is the time of a load.
 * @returns {Promise<{ faults: string[], versions: number, retired: number }>} `retired`: versions that have ended
 */
export function historyOf(build, folder) {
  return withReader(build, folder, async (reader) => {
    const found = `SELECT DISTINCT table_name AS name FROM information_schema.columns WHERE table_schema = '${dataset}' AND column_name = '_dlt_valid_from'`;
    const faults = [];
    const counts = { versions: 0, retired: 0 };
    // Neither engine takes the other's shortest way; DuckDB multiplies intervals by 32 bits.
    const loadTime = "CAST(load_id AS DECIMAL(20, 6))";
    const seconds = `CAST(floor(${loadTime}) AS INTEGER)`;
    const instant = `TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00' + ${seconds} * INTERVAL '1 second' + CAST((${loadTime} - ${seconds}) * 1000000 AS INTEGER) * INTERVAL '1 microsecond'`;
    const loads = `SELECT ${instant} FROM ${reader.qualify("_dlt_loads")}`;
    for (const { name } of await rowsOf(reader, found)) {
      const table = reader.qualify(name);
      const tell = async (what, sql) => {
        for (const { id } of await rowsOf(reader, sql)) faults.push(`${name} ${id}: ${what}`);
      };
      const text = "CAST(id AS VARCHAR) AS id";
      await tell(
        "two versions are valid now",
        `SELECT ${text} FROM ${table} WHERE _dlt_valid_to IS NULL GROUP BY id HAVING count(*) > 1`,
      );
      await tell(
        "two versions were valid at once",
        `SELECT ${text} FROM (SELECT id, _dlt_valid_to AS until, lead(_dlt_valid_from) OVER (PARTITION BY id ORDER BY _dlt_valid_from) AS next FROM ${table}) AS v WHERE next IS NOT NULL AND (until IS NULL OR next < until)`,
      );
      await tell(
        "a version ends before it began",
        `SELECT ${text} FROM ${table} WHERE _dlt_valid_to <= _dlt_valid_from`,
      );
      await tell(
        "a boundary that is no load's time",
        `SELECT ${text} FROM ${table} WHERE _dlt_valid_from NOT IN (${loads}) OR _dlt_valid_to NOT IN (${loads})`,
      );
      const [{ versions, retired }] = await rowsOf(
        reader,
        `SELECT CAST(count(*) AS INTEGER) AS versions, CAST(count(_dlt_valid_to) AS INTEGER) AS retired FROM ${table}`,
      );
      counts.versions += versions;
      counts.retired += retired;
    }
    return { faults, ...counts };
  });
}
