// A destination of one's own is a function that is given rows in batches: here it brings guests to a mailing list.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { destination, pipeline, resource } from "lading";

// Stands for the service at the other end.
const service = createServer((request, response) => {
  console.log(request.method, request.url, request.headers["idempotency-key"]?.slice(-1));
  request.resume().on("end", () => response.writeHead(204).end());
});
await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;

const mailing = destination({
  name: "mailing",
  location: url,
  batchSize: 2,
  async write({ table, rows, loadId, batch, signal }) {
    const response = await fetch(`${url}/lists/${table.name}`, {
      method: "POST",
      // A batch that was acknowledged never comes again; one that was on its way in a crash does, with the same key.
      headers: { "content-type": "application/json", "idempotency-key": `${loadId}/${batch}` },
      body: JSON.stringify(rows),
      signal,
    });
    if (!response.ok) throw new Error(`The mailing service answered ${response.status}`);
  },
});

// Fields keep their names, and lists stay lists.
const guests = resource("guests", [
  { email: "ines@example.com", firstName: "Inês", nights: [3, 12] },
  { email: "otto@example.com", firstName: "Otto", nights: [1] },
  { email: "mara@example.com", firstName: "Mara", nights: [] },
]);

console.log(String(await pipeline({ name: "invitations", source: guests, destination: mailing }).run()));
service.close();
