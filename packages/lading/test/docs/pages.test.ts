import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../../../..");
const passedOver = new Set(["node_modules", "dist", "golden", "fixtures"]);
const pages = markdownUnder(root);

test("every link of a page to a file of ours leads to it, and to a heading that is there", () => {
  const broken = pages.flatMap((page) =>
    linksOf(readFileSync(page, "utf8"))
      .filter((link) => !leads(page, link))
      .map((link) => `${relative(root, page)}: ${link}`),
  );
  expect(broken).toEqual([]);
});

test("every npm command that a page names is there", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    readonly scripts: Record<string, string>;
  };
  const unknown = pages.flatMap((page) =>
    [...readFileSync(page, "utf8").matchAll(/\bnpm run ([\w:-]+)/g)]
      .map(([, name = ""]) => name)
      .filter((name) => !(name in scripts))
      .map((name) => `${relative(root, page)}: npm run ${name}`),
  );
  expect(unknown).toEqual([]);
});

test("every npm command of ours has its script", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    readonly scripts: Record<string, string>;
  };
  const missing = Object.values(scripts)
    .flatMap((command) => /^node (\S+)/.exec(command)?.[1] ?? [])
    .filter((file) => !existsSync(join(root, file)));
  expect(missing).toEqual([]);
});

test("links are found in text and not in code, and headings become anchors as GitHub makes them", () => {
  expect(linksOf("[a](b.md#c) `[d](e.md)`\n```md\n[f](g.md)\n```\n![h](<i j.png>)")).toEqual(["b.md#c", "i j.png"]);
  expect(anchorsOf("# On the `wire`\n## 1. What, how & why\n## Twice\n## Twice\n```sh\n# no heading\n```")).toEqual([
    "on-the-wire",
    "1-what-how--why",
    "twice",
    "twice-1",
  ]);
});

function markdownUnder(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name.startsWith(".") || passedOver.has(entry.name) ? [] : markdownUnder(path);
    return entry.name.endsWith(".md") ? [path] : [];
  });
}

function withoutFences(text: string): string {
  return text.replaceAll(/^( *)(`{3,}|~{3,})[^]*?^ *\2[`~]*$/gm, "");
}

function linksOf(text: string): readonly string[] {
  const prose = withoutFences(text).replaceAll(/`[^`\n]+`/g, "");
  return [...prose.matchAll(/\]\((?:<([^>]+)>|([^)\s]+))(?:\s+"[^"]*")?\)/g)].map(
    ([, wrapped, plain]) => wrapped ?? plain ?? "",
  );
}

function anchorsOf(text: string): readonly string[] {
  const seen = new Map<string, number>();
  return [...withoutFences(text).matchAll(/^#{1,6} +(.+?) *#*$/gm)].map(([, heading = ""]) => {
    const anchor = heading
      .toLowerCase()
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(/\s/g, "-");
    const times = seen.get(anchor) ?? 0;
    seen.set(anchor, times + 1);
    return times === 0 ? anchor : `${anchor}-${times}`;
  });
}

function leads(page: string, link: string): boolean {
  if (/^[a-z][a-z0-9+.-]*:/i.test(link)) return true;
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? page : join(dirname(page), decodeURI(path));
  if (!existsSync(target)) return false;
  return anchor === undefined || !target.endsWith(".md") || anchorsOf(readFileSync(target, "utf8")).includes(anchor);
}
