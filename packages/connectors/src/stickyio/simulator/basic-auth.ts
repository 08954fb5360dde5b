import { createHash, timingSafeEqual } from "node:crypto";

/** @returns whether an `Authorization` header carries these credentials; how long it takes says nothing of them. */
export function basicAuth(username: string, password: string): (header: string | undefined) => boolean {
  const wanted = digest(`${username}:${password}`);
  return (header) => {
    const encoded = /^basic +([A-Za-z0-9+/]+={0,2}) *$/i.exec(header ?? "")?.[1] ?? "";
    return timingSafeEqual(digest(Buffer.from(encoded, "base64").toString("utf8")), wanted);
  };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
