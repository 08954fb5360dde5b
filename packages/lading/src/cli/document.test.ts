import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LadingError } from "../errors/index.ts";
import { checkDocument, type PipelineDocument } from "./document.ts";
import { readDocument } from "./read-document.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lading-document-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(text: string, name = "p.yaml"): Promise<PipelineDocument> {
  await writeFile(join(folder, name), text);
  return checkDocument(await readDocument(join(folder, name), name), name);
}

describe("a pipeline document", () => {
  const yaml = "name: shop\ndestination:\n  type: duckdb\n  path: shop.duckdb\ndataset: data\nsource:\n  name: shop\n";
  const expected = {
    name: "shop",
    destination: { type: "duckdb", path: "shop.duckdb" },
    dataset: "data",
    source: { name: "shop" },
  };

  test("is read from YAML and from JSON", async () => {
    expect(await read(yaml)).toEqual(expected);
    expect(await read(`\u{feff}${JSON.stringify(expected)}`, "p.json")).toEqual(expected);
  });

  test("can name its destination by the type alone", async () => {
    expect((await read("name: a\ndestination: duckdb\nsource: {}")).destination).toEqual({ type: "duckdb" });
  });

  test.each([
    ["[]", "p.yaml: the document is to be an object, and is a list."],
    ["", "p.yaml: the document is to be an object, and is empty."],
    ["destination: duckdb", "name is to be a text, and is missing."],
    ["name: 5\ndestination: duckdb\nsource: {}", "name is to be a text, and is a number."],
    ["nmae: a", 'nmae is not known. Did you mean "name"?'],
    ["name: a\ndestination: {type: duckdb, pth: x}", 'destination.pth is not known. Did you mean "path"?'],
    ["name: a\ndestination: duckbd", 'destination.type "duckbd" is not known. Did you mean "duckdb"?'],
    ["name: a\ndestination: {type: postgres, path: x}", "destination.path is for a file, and postgres is a server"],
    ["name: a\ndestination: duckdb\nsource: [1]", "source is to be an object, and is a list."],
    ["name: a\nsource: {params: [{id: 9007199254740993}]}", "source.params[0].id has more digits"],
    ["name: a\nname: b", "p.yaml:2:1: Map keys must be unique"],
    ["name: [a", "p.yaml:1:9: "],
  ])("that is wrong is an error with the place: %j", async (text, message) => {
    const error = await read(text).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!LadingError.is(error, "DOCUMENT_INVALID")) throw error;
    expect(error.message).toContain(message);
  });

  test("that is broken JSON is an error with the place", async () => {
    await expect(read('{"name":\n  oops}', "p.json")).rejects.toThrow("p.json:2:3: ");
  });
});
