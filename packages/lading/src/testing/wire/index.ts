export { postgresLine, type LineFault, type PostgresLine } from "./postgres-line.ts";
