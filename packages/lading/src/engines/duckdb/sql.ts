/** An identifier in DuckDB's quotes. */
export const quoteIdentifier = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;

/** A text as a literal. */
export const textLiteral = (text: string): string => `'${text.replaceAll("'", "''")}'`;
