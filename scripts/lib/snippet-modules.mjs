/**
 * The TypeScript of a Markdown page, as modules. Each line stands where it stands in the page, so that an error's line
 * number is right for both.
 * @param {string} page
 * @returns {string[]}
 */
export function modulesOf(page) {
  const modules = [];
  let fence;
  for (const [number, line] of page.split(/\r?\n/).entries()) {
    const [, indent, ticks, info] = /^( *)(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
    if (fence === undefined && ticks !== undefined) {
      const [language, ...words] = info.trim().split(/\s+/);
      const checked = language === "ts" || language === "typescript";
      fence = { ticks, indent: indent.length, checked };
      if (checked && (!words.includes("continued") || modules.length === 0)) modules.push([]);
    } else if (fence !== undefined && ticks?.startsWith(fence.ticks) && info.trim() === "") {
      fence = undefined;
    } else if (fence?.checked) {
      const lines = modules.at(-1);
      while (lines.length < number) lines.push("");
      lines.push(line.slice(Math.min(fence.indent, line.length - line.trimStart().length)));
    }
  }
  return modules.map((lines) => `${lines.join("\n")}\nexport {};\n`);
}
