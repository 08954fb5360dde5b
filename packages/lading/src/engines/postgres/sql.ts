/** An identifier in PostgreSQL's quotes. */
export const quoteIdentifier = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;

/** A text as a literal. With a backslash in it only the E form means the same under every `standard_conforming_strings`. */
export const textLiteral = (text: string): string => {
  const quoted = `'${text.replaceAll("'", "''").replaceAll("\\", "\\\\")}'`;
  return text.includes("\\") ? ` E${quoted}` : quoted;
};
