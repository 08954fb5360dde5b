/** A row with a list of objects, one of which has a list of its own. */
export const parentRow = {
  _dlt_id: "r1",
  id: 1,
  kids: [
    { n: "5", k: 1, toys: [{ x: 1 }] },
    { n: "6", k: 2, toys: [] },
  ],
};
