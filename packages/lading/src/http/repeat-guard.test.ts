import { describe, expect, test } from "vitest";
import type { PageRequest } from "./page-request.ts";
import { repeatGuard } from "./repeat-guard.ts";

const request = (n: number): PageRequest => ({ method: "GET", url: `http://a/?page=${n}`, headers: {} });

describe("the guard against circles", () => {
  test("knows a request by method, address, headers and body, not by what the paginator remembers", () => {
    const guard = repeatGuard();
    guard.checkRequest(request(1));
    guard.checkRequest({ ...request(1), method: "POST" });
    guard.checkRequest({ ...request(1), headers: { cursor: "2" } });
    guard.checkRequest({ ...request(1), json: { after: 2 } });
    expect(() => guard.checkRequest({ ...request(1), state: { page: 7 } })).toThrow("would be sent a second time");
  });

  test("finds a circle that is longer than its memory", () => {
    const guard = repeatGuard();
    const circle = 12_000;
    let asked = 0;
    const turn = (): void => {
      for (; asked < 10 * circle; asked++) guard.checkRequest(request(asked % circle));
    };
    expect(turn).toThrow("would be sent a second time");
    expect(asked).toBeLessThan(4 * circle);
  });

  test("finds the same page twice in a row, if it has rows", () => {
    const guard = repeatGuard();
    const body = Buffer.from('{"data":[1]}');
    guard.checkBody(request(1), Buffer.from('{"data":[]}'), 0);
    guard.checkBody(request(2), Buffer.from('{"data":[]}'), 0);
    guard.checkBody(request(3), body, 1);
    guard.checkBody(request(4), Buffer.from('{"data":[2]}'), 1);
    guard.checkBody(request(5), body, 1);
    expect(() => guard.checkBody(request(6), Buffer.from(body), 1)).toThrow("gives the same page");
  });
});
