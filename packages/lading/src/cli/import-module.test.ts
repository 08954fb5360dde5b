import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LadingError } from "../errors/index.ts";
import { importModule } from "./import-module.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lading-module-"));
  await writeFile(join(folder, "other.ts"), "export const other: number = 2;");
});
afterAll(() => rm(folder, { recursive: true }));

async function load(name: string, text: string): Promise<Readonly<Record<string, unknown>>> {
  await writeFile(join(folder, name), text);
  return importModule(join(folder, name));
}

describe("a module", () => {
  test.each(["a.mjs", "b.js", "c.ts", "d.mts"])("is imported: %s", async (name) => {
    expect(await load(name, "export const answer = 42;")).toMatchObject({ answer: 42 });
  });

  test("in CommonJS has its exports as default", async () => {
    expect((await load("e.cjs", "module.exports = { answer: 42 };"))["default"]).toEqual({ answer: 42 });
  });

  test("in TypeScript may import others and have enums", async () => {
    const text =
      'import { other } from "./other.ts";\nenum Kind { One = 1 }\nexport const sum: number = Kind.One + other;';
    expect(await load("f.ts", text)).toMatchObject({ sum: 3 });
  });

  test("that imports a package which is not there is an error that says how to install it", async () => {
    for (const name of ["g.mjs", "g.ts"]) {
      const error = await load(name, 'import { a } from "@nobody/nothing/deep"; export default a;').catch(
        (reason: unknown) => reason,
      );
      expect(error).toMatchObject({
        code: "MODULE_FAILED",
        hint: "Install what it imports: npm install @nobody/nothing",
      });
    }
  });

  test("that throws an error of Lading gives that error", async () => {
    const errors = new URL("../errors/index.ts", import.meta.url).href;
    const text = `import { LadingError } from ${JSON.stringify(errors)};\nthrow new LadingError("NAME_EMPTY", "no name");`;
    const error = await load("h.mjs", text).catch((reason: unknown) => reason);
    expect(LadingError.is(error, "NAME_EMPTY")).toBe(true);
  });
});
