/** Reading JSON without losing a digit, and the way between exact and ordinary JavaScript values. */
export { JsonSyntaxError } from "./json-syntax-error.ts";
export { losesDigits } from "./loses-digits.ts";
export { MAX_JSON_DEPTH, parseExact } from "./parse-exact.ts";
export { parseFast } from "./parse-fast.ts";
export { parsePlain } from "./parse-plain.ts";
export { fromPlain, toPlain } from "./plain.ts";
export { reconcile } from "./reconcile.ts";
