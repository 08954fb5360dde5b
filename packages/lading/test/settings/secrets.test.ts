import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import * as fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { execute } from "../../src/cli/execute.ts";
import { testingHost } from "../../src/cli/testing-host.ts";
import { duckdb } from "../../src/destinations/duckdb/index.ts";
import {
  createConfig,
  documentProvider,
  pipeline,
  resource,
  secret,
  type Config,
  type Pipeline,
  type RunEvent,
} from "../../src/index.ts";
import { restApi } from "../../src/sources/rest-api/index.ts";
import { hostileServer, places, writings } from "./hostile-server.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lading-secrets-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** Every way in which a credential is sent, with the secret looked up or given as a text. */
const kinds = ["bearer", "http_basic", "api_key in a header", "api_key in the query", "a text"] as const;

function authOf(kind: (typeof kinds)[number], value: string) {
  const key = secret("api_key");
  switch (kind) {
    case "bearer":
      return { type: "bearer", token: key } as const;
    case "http_basic":
      return { type: "http_basic", username: "someone", password: key } as const;
    case "api_key in a header":
      return { type: "api_key", apiKey: key, name: "X-Key" } as const;
    case "api_key in the query":
      return { type: "api_key", apiKey: key, name: "k", location: "query" } as const;
    case "a text":
      return { type: "bearer", token: value } as const;
  }
}

function pipelineOf(url: string, kind: (typeof kinds)[number], value: string): Pipeline {
  const source = restApi({
    name: "shop",
    client: { baseUrl: url, auth: authOf(kind, value), retry: { attempts: 2, backoff: 0 } } as never,
    resources: [
      {
        name: "items",
        endpoint: { path: "items", dataSelector: "rows", paginator: { type: "json_link", nextUrlPath: "next" } },
      },
    ],
  });
  return pipeline({
    name: "p",
    source,
    destination: duckdb(join(folder, "p.duckdb")),
    workingFolder: join(folder, "work"),
  });
}

const configOf = (value: string): Config =>
  createConfig({
    providers: [
      documentProvider({
        name: "secrets.toml",
        document: { sources: { shop: { api_key: value } } },
        holdsSecrets: true,
      }),
    ],
    pipelineName: "p",
  });

/** Everything that is on the disk. */
function filesIn(path: string): string {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".duckdb"))
    .map((entry) => `${entry.name}\n${readFileSync(join(entry.parentPath, entry.name), "utf8")}`)
    .join("\n");
}

/** Header-safe, with what needs escapes; long enough that no form of it is a part of an ordinary word. */
const values = fc
  .string({
    unit: fc.constantFrom(...Array.from("abcXYZ0189 %+/=?&\"'\\<>#:;,.~!*()$^{|}[]-_@")),
    minLength: 10,
    maxLength: 24,
  })
  .filter((value) => value.trim() === value && /[a-zA-Z0-9]{2}/.test(value));

test.each(Object.keys(places))(
  "a credential that a server puts into %s is in nothing that is printed, thrown or kept (law)",
  async (place) => {
    await fc.assert(
      fc.asyncProperty(
        values,
        fc.constantFrom(...Object.keys(writings)),
        fc.constantFrom(...kinds),
        async (value, writing, kind) => {
          rmSync(join(folder, "work"), { recursive: true, force: true });
          const echo = writings[writing]!(value);
          await using server = await hostileServer(place, echo);
          const events: RunEvent[] = [];
          const thrown: unknown = await pipelineOf(server.url, kind, value)
            .run({ config: configOf(value), onEvent: (event) => void events.push(event) })
            .then(String, (error: unknown) => error);
          vi.stubEnv("SOURCES__SHOP__API_KEY", value);
          const printed = await Promise.all(
            [{ json: true }, { debug: true }].map(async (options) => {
              const host = testingHost({ cwd: folder, env: { SOURCES__SHOP__API_KEY: value } });
              await execute(pipelineOf(server.url, kind, value), options, host);
              return host.out() + host.err();
            }),
          );
          const seen = {
            thrown: `${inspect(thrown, { depth: 10, maxStringLength: null })} ${thrown instanceof Error ? thrown.stack : ""} ${JSON.stringify(thrown)}`,
            events: JSON.stringify(events),
            printed: printed.join("\n"),
            files: filesIn(join(folder, "work")),
          };
          for (const [where, text] of Object.entries(seen)) {
            for (const form of [value, value.slice(0, 8), ...Object.values(writings).map((write) => write(value))]) {
              const core = form.replace(/^"?\{\\*"value\\*":\\*"/, "").replace(/\\*"\}\\*"?$/, "");
              if (text.includes(core))
                throw new Error(
                  `${where} shows ${core} of ${value}: ${text.slice(Math.max(0, text.indexOf(core) - 200), text.indexOf(core) + 100)}`,
                );
            }
          }
        },
      ),
      { numRuns: 12 },
    );
  },
  60_000,
);

test("a pull whose position would hold a credential that is a text is read again from its beginning, and nothing twice", async () => {
  let isDown = true;
  const server = createServer((request, response) => {
    const second = request.url?.includes("page=2") === true;
    if (second && isDown) response.writeHead(400).end();
    else if (second) response.end(JSON.stringify({ rows: [{ id: 2 }] }));
    else response.end(JSON.stringify({ rows: [{ id: 1 }], next: "/items?page=2&x=very-secret-text" }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const shop = pipelineOf(url, "a text", "very-secret-text");
    await expect(shop.run()).rejects.toThrow("400");
    expect(filesIn(join(folder, "work"))).not.toContain("very-secret-text");
    isDown = false;
    await shop.run();
    expect(await shop.dataset().sql<{ id: number }>`select id from items order by id`.rows()).toEqual([
      { id: 1 },
      { id: 2 },
    ]);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test("an error of a pipeline's own code that shows a secret is cleaned, with its causes, and one without stays as it is", async () => {
  vi.stubEnv("SOURCES__P__API_KEY", "very-secret-text");
  const run = (make: (key: string) => Error): Promise<unknown> => {
    const items = resource("items", async function* (context) {
      yield [{ id: 1 }];
      throw make(context.config.secret("api_key"));
    });
    const own = pipeline({
      name: "p",
      source: items,
      destination: duckdb(join(folder, "p.duckdb")),
      workingFolder: join(folder, "work"),
    });
    return own.run().catch((error: unknown) => error);
  };
  const seen = await run(
    (key) => new TypeError(`no ${key}`, { cause: Object.assign(new Error("inner"), { input: key }) }),
  );
  expect(inspect(seen, { depth: 10 })).not.toContain("very-secret-text");
  expect(seen).toMatchObject({
    code: "RESOURCE_FAILED",
    cause: { name: "TypeError", message: "no [secret sources.p.api_key]" },
  });
  const mine = new TypeError("of my own");
  expect(await run(() => mine)).toMatchObject({ cause: mine });
});
