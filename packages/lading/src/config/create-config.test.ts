import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LadingError } from "../errors/index.ts";
import type { ConfigProvider } from "./config.ts";
import { createConfig } from "./create-config.ts";
import { documentProvider } from "./document-provider.ts";
import { environmentProvider } from "./environment-provider.ts";
import { lookupPaths } from "./lookup-paths.ts";
import { secret } from "./secret.ts";

const toml = (document: Record<string, unknown>, holdsSecrets = true): ConfigProvider =>
  documentProvider({ name: holdsSecrets ? ".dlt/secrets.toml" : ".dlt/config.toml", document, holdsSecrets });
const env = (variables: Record<string, string>): ConfigProvider => environmentProvider({ variables });
const dotted = (paths: readonly (readonly string[])[]): readonly string[] => paths.map((path) => path.join("."));

describe("the paths of a key", () => {
  test("drop sections from the right", () => {
    expect(dotted(lookupPaths(["destination", "postgres"], "port"))).toEqual([
      "destination.postgres.port",
      "destination.port",
      "port",
    ]);
  });

  test("keep the first parts of a key with dots", () => {
    expect(dotted(lookupPaths(["destination", "postgres"], "credentials.password"))).toEqual([
      "destination.postgres.credentials.password",
      "destination.credentials.password",
      "credentials.password",
    ]);
  });

  test("of a source in a module have the short form in third place", () => {
    expect(dotted(lookupPaths(["sources", "mod", "name"], "credentials"))).toEqual([
      "sources.mod.name.credentials",
      "sources.mod.credentials",
      "sources.name.credentials",
      "sources.credentials",
      "credentials",
    ]);
  });

  test("of a source whose module has its name have no short form", () => {
    expect(lookupPaths(["sources", "shop", "shop"], "token")).toHaveLength(4);
  });
});

describe("a setting", () => {
  test("of the pipeline's section wins over a more special one without the pipeline's name", () => {
    const config = createConfig({
      providers: [env({ SOURCES__SHOP__TOKEN: "special" }), toml({ p: { token: "of the pipeline" } })],
      pipelineName: "p",
    });
    expect(config.get("token", ["sources", "shop"])).toBe("of the pipeline");
  });

  test("of an earlier provider wins over a more special one of a later provider", () => {
    const config = createConfig({
      providers: [env({ TOKEN: "general" }), toml({ sources: { shop: { token: "special" } } })],
    });
    expect(config.get("token", ["sources", "shop"])).toBe("general");
  });

  test("given in code wins over all", () => {
    const config = createConfig({
      providers: [env({ P__SOURCES__SHOP__TOKEN: "env" })],
      pipelineName: "p",
      values: { token: "code" },
    });
    expect(config.get("token", ["sources", "shop"])).toBe("code");
  });

  test("that is nowhere is undefined, an inherited property of objects too", () => {
    const config = createConfig({ providers: [toml({ a: {} })] });
    expect(config.get("token", ["a"])).toBeUndefined();
    expect(config.get("constructor", ["a"])).toBeUndefined();
  });

  test("is looked for within the sections of a narrowed config", () => {
    const config = createConfig({ providers: [toml({ sources: { shop: { size: 7 } } })] }).within("sources", "shop");
    expect(config.get("size")).toBe(7);
    expect(config.where?.("size")).toBe("sources.shop.size in .dlt/secrets.toml");
  });

  test("is found by any provider, in the order of pass, provider and path (law)", () => {
    const sections = ["sources", "shop"];
    const places = lookupPaths(sections, "k").flatMap((path) => [["p", ...path], [...path]]);
    fc.assert(
      fc.property(fc.subarray(places), fc.subarray(places), (first, second) => {
        const provider = (name: string, paths: readonly (readonly string[])[]): ConfigProvider => ({
          ...env(Object.fromEntries(paths.map((path) => [path.join("__").toUpperCase(), `${name} ${path.join(".")}`]))),
          name,
        });
        const config = createConfig({ providers: [provider("1", first), provider("2", second)], pipelineName: "p" });
        const order = [true, false].flatMap((named) =>
          [["1", first] as const, ["2", second] as const].flatMap(([name, own]) =>
            lookupPaths(sections, "k")
              .map((path) => (named ? ["p", ...path] : path).join("."))
              .filter((path) => own.some((other) => other.join(".") === path))
              .map((path) => `${name} ${path}`),
          ),
        );
        expect(config.get("k", sections)).toBe(order[0]);
      }),
    );
  });
});

describe("a secret", () => {
  test("is handed out as text, and is remembered by its full name", () => {
    const config = createConfig({ providers: [env({ API_PASSWORD: "hunter22" })] });
    expect(config.within("sources", "shop").secret(secret("api_password"))).toBe("hunter22");
    expect([...config.secrets]).toEqual([["sources.shop.api_password", "hunter22"]]);
  });

  test("that is a whole number in TOML keeps its digits", () => {
    const config = createConfig({ providers: [toml({ pin: 12345678901234567890n })] });
    expect(config.secret("pin")).toBe("12345678901234567890");
  });

  test("that is no text is an error which does not show it", () => {
    const error = thrown(() => createConfig({ providers: [toml({ pin: 1.25 })] }).secret("pin"));
    expect(error).toMatchObject({ code: "CONFIG_INVALID" });
    expect(error.message).not.toContain("1.25");
  });

  test("that still is its placeholder is an error", () => {
    const error = thrown(() => createConfig({ providers: [toml({ pin: "<configure me>" })] }).secret("pin"));
    expect(error.message).toContain("pin in .dlt/secrets.toml");
  });

  test("in config.toml is an error that does not show it", () => {
    const error = thrown(() => createConfig({ providers: [toml({ token: "hunter22" }, false)] }).secret("token"));
    expect(error).toMatchObject({ code: "CONFIG_SECRET_IN_PLAIN_FILE", details: { path: "token" } });
    expect(error.message).not.toContain("hunter22");
  });

  test("mounted as a file is found, and is no plain setting", () => {
    const provider = environmentProvider({
      variables: { SOURCES__SHOP__API_KEY: "from the environment" },
      mountedSecrets: new Map([["sources--shop--api-key", "mounted"]]),
    });
    const config = createConfig({ providers: [provider] });
    expect(config.secret("api_key", ["sources", "shop"])).toBe("mounted");
    expect(config.get("api_key", ["sources", "shop"])).toBe("from the environment");
  });

  test("that is nowhere is an error with every place, in each provider's spelling, and the files that are not there", () => {
    const files = [{ path: "/project/.dlt/secrets.toml", found: false }];
    const config = createConfig({
      providers: [
        env({}),
        documentProvider({ name: ".dlt/secrets.toml", document: {}, holdsSecrets: true, files }),
        toml({}, false),
      ],
      pipelineName: "p",
    });
    const error = thrown(() => config.secret("token", ["sources", "shop"]));
    expect(error.code).toBe("CONFIG_MISSING");
    expect(error.message.split("\n")).toEqual([
      'No value for the secret "sources.shop.token". Looked for, in this order:',
      "  P__SOURCES__SHOP__TOKEN (environment)",
      "  P__SOURCES__TOKEN (environment)",
      "  P__TOKEN (environment)",
      "  p.sources.shop.token (.dlt/secrets.toml)",
      "  p.sources.token (.dlt/secrets.toml)",
      "  p.token (.dlt/secrets.toml)",
      "  SOURCES__SHOP__TOKEN (environment)",
      "  SOURCES__TOKEN (environment)",
      "  TOKEN (environment)",
      "  sources.shop.token (.dlt/secrets.toml)",
      "  sources.token (.dlt/secrets.toml)",
      "  token (.dlt/secrets.toml)",
      "Files that are not there:",
      "  /project/.dlt/secrets.toml",
    ]);
    expect(error.hint).toBe("Set SOURCES__SHOP__TOKEN in the environment, or sources.shop.token in .dlt/secrets.toml.");
  });
});

function thrown(action: () => unknown): LadingError {
  try {
    action();
  } catch (error) {
    if (LadingError.is(error)) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
