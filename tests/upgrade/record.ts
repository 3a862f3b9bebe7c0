import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findEngines } from "../../engine/find-engines";
import { writeBackupFile } from "../../testing/backup-writer/write-backup-file";
import { recordedFolder, startService, VERSION, workspaceOf } from "./stack";

/**
 * `npm run record-state`: records the state that this version writes, for upgrade.test.ts of later versions. Run it once for each
 * release, on its commit. A recorded state is never changed afterwards.
 */
async function record(): Promise<void> {
  const folder = recordedFolder(VERSION);
  const backups = join(folder, "backups");
  const stateDir = mkdtempSync(join(tmpdir(), "sqlserver-migration-record-"));
  const emulator = await startService();
  try {
    mkdirSync(backups, { recursive: true });
    const write = (databaseName: string) =>
      writeBackupFile(join(backups, `${databaseName}.bak`), { databaseName, type: "full" });
    await write("sales");
    await write("stock");
    const bakinfo = join(__dirname, "..", "..", "dist", "provider", "cli", "bakinfo.js");
    const manifest = ["--manifest", "manifest.json", "backups/sales.bak", "backups/stock.bak"];
    execFileSync(process.execPath, [bakinfo, ...manifest], { cwd: folder, stdio: "inherit" });
    for (const name of ["online", "submitted", "waiting"]) await write(name);

    const workspace = workspaceOf(VERSION, emulator, stateDir);
    const engine = findEngines().find(({ name }) => name === "stand-in");
    if (engine === undefined) throw new Error("the stand-in engine is missing");
    // The migration that stays in progress: its task is held in the middle, after the others have ended.
    await emulator.rds.shapeRestore({ dbName: "submitted", holdAt: "restoring" });
    const { exitCode, diagnostics } = await engine.run({ kind: "up" }, workspace);
    if (exitCode !== 0)
      throw new Error(
        diagnostics
          .filter(({ ephemeral }) => !ephemeral)
          .map(({ urn, message }) => `${urn}: ${message}`)
          .join("\n"),
      );
    const state = await engine.exportState(workspace);
    writeFileSync(join(folder, "state.json"), `${JSON.stringify(state, null, 2)}\n`);
    console.log(`recorded ${state.deployment.resources?.length ?? 0} resources of version ${VERSION}`);
  } finally {
    await emulator.close();
    rmSync(backups, { recursive: true, force: true });
    rmSync(stateDir, { recursive: true, force: true });
  }
}

record().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
