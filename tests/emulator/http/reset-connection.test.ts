import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { resetConnection } from "../../../emulator/http/reset-connection";

/** Both ends of one connection. */
async function connection(): Promise<{ server: Socket; client: Socket; close: () => Promise<void> }> {
  const listener = createServer({ allowHalfOpen: true }).listen(0, "127.0.0.1");
  await once(listener, "listening");
  const client = connect((listener.address() as AddressInfo).port, "127.0.0.1");
  const [server] = (await once(listener, "connection")) as [Socket];
  return {
    server,
    client,
    async close() {
      client.destroy();
      listener.close();
      await once(listener, "close");
    },
  };
}

test("the client of a connection that breaks off sees a reset", async () => {
  const { server, client, close } = await connection();
  const failed = once(client, "error");
  resetConnection(server);
  expect(await failed).toMatchObject([{ code: "ECONNRESET" }]);
  await close();
});

test("a connection that is being shut down is closed, and keeps no process alive", async () => {
  const { server, close } = await connection();
  const refused: Error[] = [];
  server.on("error", (error) => refused.push(error));
  server.end(); // as Node's own server does when its client has gone
  resetConnection(server);
  await close();
  expect(server.closed).toBe(true);
  expect(refused).toEqual([]);
});
