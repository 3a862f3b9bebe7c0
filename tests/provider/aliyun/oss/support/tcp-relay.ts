import type { AddressInfo } from "node:net";
import { connect, createServer, type Socket } from "node:net";

/** Forwards TCP connections to a server, so that a test can count and cut them. */
export interface TcpRelay {
  /** `http://127.0.0.1:PORT`. */
  endpoint: string;
  /** The most connections that were open at once. */
  peakConnections(): number;
  totalConnections(): number;
  close(): Promise<void>;
}

export async function startTcpRelay(targetPort: number): Promise<TcpRelay> {
  const open = new Set<Socket>();
  let peak = 0;
  let total = 0;
  const server = createServer((client) => {
    const target = connect(targetPort, "127.0.0.1");
    open.add(client);
    total++;
    peak = Math.max(peak, open.size);
    client.pipe(target).pipe(client);
    const end = (): void => {
      open.delete(client);
      client.destroy();
      target.destroy();
    };
    for (const socket of [client, target]) socket.on("error", end).on("close", end);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return {
    endpoint: `http://127.0.0.1:${port}`,
    peakConnections: () => peak,
    totalConnections: () => total,
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
