import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Specimen, specimens } from "../../testing/backup-writer/specimens";
import type { FaultCase } from "../fault-case";

/** F9: every kind of file that users pass as a backup, from a disk and from a bucket. */
export function backupCases(): FaultCase[] {
  return specimens().flatMap((specimen) => [caseOf(specimen, "the disk"), caseOf(specimen, "a bucket")]);
}

/**
 * A valid full backup is migrated. Any other file is refused at the preview when its header shows the problem, or fails with the
 * service's message. Afterwards a valid backup with the same name must migrate.
 */
function caseOf(specimen: Specimen, where: "the disk" | "a bucket"): FaultCase {
  return {
    family: "F9",
    name: `${specimen.file} from ${where}`,
    async run(cloud) {
      const fixture = await cloud.fixture();
      const { bucket, oss } = fixture.emulator;
      const path = join(fixture.folder, specimen.file);
      writeFileSync(path, specimen.bytes());
      if (where === "a bucket") await oss.putObject(bucket, specimen.file, path);
      const backup = where === "a bucket" ? `oss://${bucket}/${specimen.file}` : path;
      const args = { backup, databaseName: "erp", timeout: "10s" };
      const { failures } = await fixture.preview(args);
      cloud.record([], {}, failures.join("\n"));
      const { recorded, error } = await cloud.attempt(fixture, args);
      const isFoundByHeader = specimen.problem !== undefined && specimen.foundOnlyDeep !== true;
      if (isFoundByHeader && failures.length === 0)
        throw new Error(`${specimen.problem} was not detected at the preview`);
      if (failures.length > 0 && fixture.requests("CreateMigrateTask").length > 0)
        throw new Error("the backup was refused at the preview but submitted");
      if (error === undefined) {
        await cloud.requireConvergence(fixture, args, recorded, [path]);
        return;
      }
      const good = await fixture.backup("good.bak");
      // A separate folder gives another object key, because an object that the bad backup left is never overwritten.
      const mended = { backup: good, databaseName: "erp", folder: "good" };
      await cloud.requireConvergence(fixture, mended, recorded, [good, path]);
    },
  };
}
