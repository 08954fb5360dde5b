// The API of the benchmark, a process of its own: its pages are made before the first request, so that answering one
// costs next to nothing. Arguments: shape, rows, rows per page, number of the first row. Prints its address as JSON once it is ready.
import { createServer } from "node:http";
import { shapes, steadyRandom } from "./rows.mjs";

const [shape = "flat", rows = "100000", perPage = "1000", from = "0"] = process.argv.slice(2);
const pages = [];
const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, "http://localhost");
  const body = pathname === "/v2/orders" ? pages[Number(searchParams.get("page") ?? 1) - 1] : undefined;
  response.writeHead(body ? 200 : 404, { "content-type": "application/json", "content-length": body?.length ?? 0 });
  response.end(body);
});
server.listen(0, "127.0.0.1", () => {
  const url = `http://127.0.0.1:${server.address().port}/`;
  const bytes = fill(url, Number(rows), Number(perPage), Number(from));
  process.stdout.write(`${JSON.stringify({ url, pages: pages.length, bytes })}\n`);
});

function fill(url, total, size, start) {
  const random = steadyRandom();
  const last = Math.ceil(total / size);
  let bytes = 0;
  for (let number = 1; number <= last; number++) {
    const first = (number - 1) * size;
    const data = Array.from({ length: Math.min(size, total - first) }, (_, at) =>
      shapes[shape].row(start + first + at, random),
    );
    const next = number < last ? `${url}v2/orders?page=${number + 1}` : null;
    const body = { status: "SUCCESS", data, current_page: number, last_page: last, total, next_page_url: next };
    pages.push(Buffer.from(JSON.stringify(body)));
    bytes += pages.at(-1).length;
  }
  return bytes;
}
