import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { type AddressInfo, connect, createServer as createTcpServer } from "node:net";
import { join } from "node:path";
import { httpTransport } from "../../../../../provider/aliyun/transport/http-transport";

/**
 * Runs with NODE_EXTRA_CA_CERTS, which Node reads only when a process starts. Sends requests over TLS, twice directly and
 * twice through a tunnel, each slower than the connect time-out, and prints what arrived.
 */
const CONNECT_TIMEOUT_MS = 300;

async function main(): Promise<void> {
  const fixture = (name: string) => readFileSync(join(__dirname, "..", "..", "..", "..", "security", "fixtures", name));
  let connections = 0;
  const server = createServer(
    { key: fixture("self-signed-key.pem"), cert: fixture("self-signed-cert.pem") },
    (_request, response) => {
      setTimeout(() => response.end("hello"), 2 * CONNECT_TIMEOUT_MS);
    },
  ).on("secureConnection", () => connections++);
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as AddressInfo;
  let tunnels = 0;
  const proxy = createTcpServer((client) => {
    client.once("data", () => {
      tunnels++;
      const onward = connect({ port }, () => {
        client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      });
      onward.pipe(client).pipe(onward);
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, resolve));
  const ask = () =>
    httpTransport.send({
      method: "GET",
      url: `https://localhost:${port}/`,
      headers: {},
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      idleTimeoutMs: 5000,
      totalTimeoutMs: 5000,
    });
  const bodies = [await ask(), await ask()];
  process.env.https_proxy = `http://localhost:${(proxy.address() as AddressInfo).port}`;
  bodies.push(await ask(), await ask());
  console.log(JSON.stringify({ bodies: bodies.map(({ body }) => body.toString()), connections, tunnels }));
  process.exit(0);
}

main().catch((error: unknown) => {
  console.log(String(error));
  process.exit(1);
});
