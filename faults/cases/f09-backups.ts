import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Specimen, specimens } from "../../testing/backup-writer/specimens";
import type { FaultCase } from "../fault-case";

/** F9: every kind of file that people hand in as a backup, from a disk and from a bucket. */
export function backupCases(): FaultCase[] {
  return specimens().flatMap((specimen) => [caseOf(specimen, "the disk"), caseOf(specimen, "a bucket")]);
}

/**
 * A sound full backup arrives; anything else is refused at the preview where its header shows it, or fails in the
 * service's words. Then the good backup of that name is migrated as if nothing had been.
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
      cloud.hear([], {}, failures.join("\n"));
      const { recorded, error } = await cloud.attempt(fixture, args);
      const isFoundByHeader = specimen.problem !== undefined && specimen.foundOnlyDeep !== true;
      if (isFoundByHeader && failures.length === 0) throw new Error(`${specimen.problem} was not seen at the preview`);
      if (failures.length > 0 && fixture.requests("CreateMigrateTask").length > 0)
        throw new Error("it was refused at the preview and submitted all the same");
      if (error === undefined) {
        await cloud.settles(fixture, args, recorded, [path]);
        return;
      }
      const good = await fixture.backup("good.bak");
      // In a folder of its own: what the bad one may have left under the usual key is never written over.
      const mended = { backup: good, databaseName: "erp", folder: "good" };
      await cloud.settles(fixture, mended, recorded, [good, path]);
    },
  };
}
