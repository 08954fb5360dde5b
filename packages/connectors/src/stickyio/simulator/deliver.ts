import type { ServerResponse } from "node:http";
import type { Delivery } from "./faulty-reply.ts";
import type { Reply } from "./reply.ts";

/** Sends an answer, or as much of it as the delivery says. */
export function deliver(response: ServerResponse, reply: Reply, delivery: Delivery): void {
  const { socket } = response;
  if (delivery === "none" || socket === null) return;
  if (delivery === "drop") {
    socket.resetAndDestroy();
    return;
  }
  const body = Buffer.from(reply.body);
  response.writeHead(reply.status, { ...reply.headers, "content-length": body.length });
  switch (delivery) {
    case "whole":
      response.end(body);
      return;
    case "drop_mid_body":
      response.write(half(body), () => socket.resetAndDestroy());
      return;
    case "truncated":
      response.write(body.subarray(0, -1), () => socket.end());
      return;
    case "hang_mid_body":
      response.write(half(body));
      return;
  }
}

function half(body: Buffer): Buffer {
  return body.subarray(0, Math.ceil(body.length / 2));
}
