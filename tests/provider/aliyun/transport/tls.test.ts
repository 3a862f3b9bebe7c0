import { spawnSync } from "node:child_process";
import * as path from "node:path";

const root = path.join(__dirname, "..", "..", "..", "..");

it("opens TLS connections within the connect time-out, uses them again, and tunnels through a proxy", () => {
  const certificate = path.join(root, "tests", "security", "fixtures", "self-signed-cert.pem");
  const script = path.join(__dirname, "support", "tls-child.ts");
  const noProxies = Object.fromEntries(
    ["http_proxy", "https_proxy", "all_proxy", "no_proxy"].map((name) => [name, ""]),
  );
  const { stdout } = spawnSync(process.execPath, ["-r", "ts-node/register/transpile-only", script], {
    cwd: root,
    encoding: "utf8",
    env: { PATH: process.env.PATH, ...noProxies, NODE_EXTRA_CA_CERTS: certificate },
  });
  expect(stdout.trim()).toBe('{"bodies":["hello","hello","hello","hello"],"connections":2,"tunnels":1}');
});
