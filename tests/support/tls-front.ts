import { readFileSync } from "node:fs";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { createServer } from "node:tls";

const fixture = (name: string): string => join(__dirname, "..", "security", "fixtures", name);

/** The CA that signed the certificate of every front. A process trusts it with NODE_EXTRA_CA_CERTS from its start only. */
export const OWN_CA = fixture("own-ca-cert.pem");

/** The services' public hosts: TLS with a certificate of the tests' own CA. */
export interface TlsFront {
  port: number;
  /** Counts the connections that were opened. */
  connections: number;
  close(): Promise<void>;
}

/** Accepts TLS and passes the content on to a port of this machine. */
export async function startTlsFront(port: number): Promise<TlsFront> {
  const certificate = { key: readFileSync(fixture("cloud-key.pem")), cert: readFileSync(fixture("cloud-cert.pem")) };
  const server = createServer(certificate, (client) => {
    front.connections++;
    const onward = connect(port, "127.0.0.1");
    client.on("error", () => onward.destroy());
    onward.on("error", () => client.destroy());
    client.pipe(onward).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const front: TlsFront = {
    port: (server.address() as AddressInfo).port, // it listens on TCP
    connections: 0,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return front;
}
