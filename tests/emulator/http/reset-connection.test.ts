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

test("resets the connection of a connected client", async () => {
  const { server, client, close } = await connection();
  const failed = once(client, "error");
  resetConnection(server);
  expect(await failed).toMatchObject([{ code: "ECONNRESET" }]);
  await close();
});

test("closes a connection that is shutting down, so that it does not keep the process alive", async () => {
  const { server, close } = await connection();
  const errors: Error[] = [];
  server.on("error", (error) => errors.push(error));
  server.end(); // as Node's HTTP server does after its client disconnects
  resetConnection(server);
  await close();
  expect(server.closed).toBe(true);
  expect(errors).toEqual([]);
});
