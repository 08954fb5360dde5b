import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseConnectionString } from "./connection-string.ts";

interface Vectors {
  readonly strings: readonly (readonly [string, Readonly<Record<string, unknown>> | null])[];
}
const { strings } = JSON.parse(
  readFileSync(new URL("connection-string.vectors.json", import.meta.url), "utf8"),
) as Vectors;

/** Where we do better: no part of a password becomes a host's name, each server may have its port, and a port is one. */
const better = new Map<string, unknown>([
  ["postgresql://u:p@ss@h/db", undefined],
  ["postgresql://h:99999999/db", undefined],
  ["postgresql://h1:1,h2:2/db", { drivername: "postgresql", host: "h1,h2", database: "db", query: {} }],
  [
    "postgresql://u:p@h1:123,h2:456/db?target_session_attrs=any",
    {
      drivername: "postgresql",
      username: "u",
      password: "p",
      host: "h1,h2",
      database: "db",
      query: { target_session_attrs: "any" },
    },
  ],
]);

test.each(strings)("is read as dlt reads it: %j", (text, dlt) => {
  const { parts } = parseConnectionString(text);
  const { servers: _, ...fields } = parts ?? { servers: [] };
  expect(parts === undefined ? undefined : fields).toEqual(better.has(text) ? better.get(text) : (dlt ?? undefined));
});

test.each([
  [
    "pg://h1:1,h2:2/db",
    [
      { host: "h1", port: 1 },
      { host: "h2", port: 2 },
    ],
  ],
  [
    "pg://h1,h2:2/db",
    [
      { host: "h1", port: 2 },
      { host: "h2", port: 2 },
    ],
  ],
  ["pg://h1:1,h2/db", [{ host: "h1", port: 1 }, { host: "h2" }]],
  ["pg://[::1]:5,[fe80::2]/db", [{ host: "::1", port: 5 }, { host: "fe80::2" }]],
  ["pg:///db?host=/run/postgresql", []],
])("several servers, or none: %s", (text, servers) => {
  expect(parseConnectionString(text).parts?.servers).toEqual(servers);
});

test("what was put in comes out, whatever its characters (law)", () => {
  const word = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(word, word, word, (username, password, param) => {
      const text = `pg://${encodeURIComponent(username)}:${encodeURIComponent(password)}@h:5/db?p=${encodeURIComponent(param)}`;
      expect(parseConnectionString(text).parts).toMatchObject({ username, password, query: { p: param } });
    }),
  );
});

test("nothing of what is wrong is in what is said about it (law)", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9]{6,12}$/), (secret) => {
      for (const text of [
        secret,
        `pg://u:${secret}@x@h/d`,
        `pg://u:${secret}@h:${secret}/d`,
        `${secret} //u:${secret}`,
      ]) {
        expect(parseConnectionString(text).problem).not.toContain(secret);
      }
    }),
  );
});
