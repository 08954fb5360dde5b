/**
 * Golden cases whose tables are other ones on PostgreSQL, beyond the types of columns, and why. What dlt 1.31 makes of them
 * there is in the file of that name beside this one.
 */
export const otherwise: ReadonlyMap<string, string> = new Map([
  [
    "hint-precision",
    "a declared length of text and number of digits of a second hold; `wei` has 156 digits, 78 of them of the fraction",
  ],
  ["names-long", "names have 63 characters at most, not 65,536"],
]);
