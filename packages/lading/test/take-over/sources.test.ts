import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { duckdbIn, inPostgres } from "./databases.ts";
import { runSequence, type Runner } from "./run-sequence.ts";
import { differences } from "./same-as.ts";
import { describeWithDlt } from "./with-dlt.ts";

interface Ticket {
  readonly id: number;
  readonly updated_at: string;
  readonly notes?: readonly { readonly text: string }[];
}

const tickets: readonly (readonly Ticket[])[] = [
  [
    { id: 1, updated_at: "2024-01-01T00:00:00Z", notes: [{ text: "a" }] },
    { id: 2, updated_at: "2024-01-02T00:00:00Z" },
  ],
  [
    { id: 2, updated_at: "2024-01-02T00:00:00Z" },
    { id: 1, updated_at: "2024-01-03T00:00:00Z", notes: [{ text: "b" }] },
  ],
  // One row at the boundary: dlt keeps the hashes of several in any order, and stores the state anew for it.
  [{ id: 3, updated_at: "2024-01-04T00:00:00Z", notes: [] }],
  [{ id: 3, updated_at: "2024-01-04T00:00:00Z", notes: [] }],
];

/** An API that answers what the step has, and notes what it is asked since. */
async function helpDesk() {
  const asked: string[] = [];
  let step = 0;
  const server = createServer((request, response) => {
    const url = new URL(request.url!, "http://localhost");
    response.setHeader("content-type", "application/json");
    if (url.pathname === "/tickets") {
      asked.push(url.searchParams.get("since") ?? "");
      response.end(JSON.stringify({ data: tickets[step] }));
    } else response.end(JSON.stringify([{ ticket: url.pathname, n: step }]));
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked,
    turnTo: (next: number) => void (step = next),
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

const restCase = (url: string): string =>
  JSON.stringify({
    name: "rest",
    source: "desk",
    rest: {
      client: { base_url: url, paginator: "single_page" },
      resource_defaults: { primary_key: "id", write_disposition: "merge" },
      resources: [
        {
          name: "tickets",
          endpoint: {
            path: "tickets",
            data_selector: "data",
            params: { since: "{incremental.start_value}" },
            incremental: { cursor_path: "updated_at", initial_value: "2023-01-01T00:00:00Z" },
          },
        },
        {
          name: "visits",
          primary_key: ["ticket", "_tickets_id"],
          endpoint: { path: "tickets/{resources.tickets.id}/visits" },
          include_from_parent: ["id"],
        },
      ],
    },
    steps: tickets.map(() => ({ resources: [] })),
  });

await describeWithDlt("sources that go on elsewhere", ["1.31.0"], ({ dlt, folder }) => {
  const postgresDatabase = inPostgres();

  test.each([
    ["DuckDB", async (place: string) => duckdbIn(place)],
    ["PostgreSQL", postgresDatabase],
  ])("a configuration of the REST API source is read on by either, on %s", { timeout: 120_000 }, async (_, made) => {
    await using desk = await helpDesk();
    const python = dlt("1.31.0");
    const run = async (runners: readonly Runner[]) => {
      desk.asked.length = 0;
      const place = folder();
      const options = { folder: place, database: await made(place), check: python, beforeStep: desk.turnTo };
      return { sequence: await runSequence(restCase(desk.url), runners, options), asked: [...desk.asked] };
    };
    const alone = await run(["lading"]);
    expect(alone.asked).toEqual([
      "2023-01-01T00:00:00Z",
      "2024-01-02T00:00:00Z",
      "2024-01-03T00:00:00Z",
      "2024-01-04T00:00:00Z",
    ]);
    for (const turns of [[python, "lading"] as const, ["lading", python] as const]) {
      const mixed = await run(turns);
      expect(differences(mixed.sequence, alone.sequence)).toEqual([]);
      expect(mixed.asked).toEqual(alone.asked);
    }
  });

  test("what dlt put into the state of a source stays there", { timeout: 120_000 }, async () => {
    const python = dlt("1.31.0");
    const step = (id: number, own: object) => ({ resources: [{ name: "t", pages: [[{ id }]], ...own }] });
    const steps = [
      step(1, { sourceState: { token: "a", deep: { list: [1, 2.5, null] } }, state: { n: 1 } }),
      step(2, { state: { n: 2 } }),
      step(3, { sourceState: { token: "b" }, state: { n: 2, more: true } }),
    ];
    const text = JSON.stringify({ name: "states", steps });
    expect(
      differences(
        await runSequence(text, [python, "lading"], { folder: folder(), check: python }),
        await runSequence(text, [python], { folder: folder() }),
      ),
    ).toEqual([]);
  });
});
