import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checks } from "./checks";
import { startServer } from "./server";

/**
 * `npm run sql:docker`: runs every script against SQL Server in Docker. Ends with `N passed, N failed`.
 * Not part of `npm test`; it has not been run yet.
 */
async function main(): Promise<number> {
  try {
    execFileSync("docker", ["compose", "version"], { stdio: "ignore" });
  } catch {
    console.error("docker compose is not installed; nothing was checked.");
    return 1;
  }
  const folder = mkdtempSync(join(tmpdir(), "sql-docker-"));
  // Upper case, lower case, digits and a symbol, as SQL Server's policy requires. The password exists only with the container.
  const server = startServer(`Aa1!${randomBytes(12).toString("hex")}`);
  let failed = 0;
  try {
    await server.up();
    for (const { name, run } of checks) {
      try {
        await run({ server, folder });
        console.log(`PASS ${name}`);
      } catch (error) {
        failed += 1;
        console.log(`FAIL ${name}\n     ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  } finally {
    server.down();
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`${checks.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

main().then((status) => {
  process.exitCode = status;
});
