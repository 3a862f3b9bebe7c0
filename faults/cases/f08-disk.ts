import { appendFileSync, copyFileSync, renameSync, rmSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../../testing/scene";
import type { FaultCase } from "../fault-case";

/** What happens to the file while it is uploaded, and whether it is the same backup afterwards. */
const EVENTS: Record<string, { strike: (path: string) => void; mend: (path: string, copy: string) => void }> = {
  "is deleted": { strike: (path) => rmSync(path), mend: (path, copy) => copyFileSync(copy, path) },
  "is renamed": { strike: (path) => renameSync(path, `${path}.old`), mend: (path) => renameSync(`${path}.old`, path) },
  "is truncated": { strike: (path) => truncateSync(path, 150_000), mend: (path, copy) => copyFileSync(copy, path) },
  "is replaced by nothing": {
    strike: (path) => writeFileSync(path, ""),
    mend: (path, copy) => copyFileSync(copy, path),
  },
  "is touched": {
    strike: (path) => utimesSync(path, new Date(), new Date()),
    mend: () => undefined,
  },
  "grows, as a backup does that is not finished": {
    strike: (path) => appendFileSync(path, Buffer.alloc(5_000)),
    mend: (path, copy) => copyFileSync(copy, path),
  },
};

/** F8: the machine's own disk. Nothing but the backup is on it: there is no checkpoint that could be lost or wrong. */
export function diskCases(): FaultCase[] {
  return [...Object.keys(EVENTS).map(fileCase), readOnlyCase()];
}

function fileCase(name: string): FaultCase {
  return {
    family: "F8",
    name: `the backup ${name} in the middle of its upload`,
    async run(arena) {
      const scene = await arena.scene();
      const backup = await scene.backup("erp.bak", { dataBytes: 700_000 });
      const copy = join(scene.folder, "copy");
      copyFileSync(backup, copy);
      const slowly = { backup, upload: { partSize: 102_400, parallel: 1, rateLimit: 700_000 } };
      const running = arena.attempt(scene, slowly);
      await until(() => scene.emulator.oss.uploads().some(({ parts }) => parts.length >= 2));
      EVENTS[name]?.strike(backup);
      const { recorded } = await running;
      EVENTS[name]?.mend(backup, copy);
      await arena.settles(scene, { backup }, recorded, [backup], { resentBytes: 1_000_000 });
    },
  };
}

function readOnlyCase(): FaultCase {
  return {
    family: "F8",
    name: "no folder for temporary files and no home",
    async run(arena) {
      const scene = await arena.scene();
      const args = { backup: await scene.backup("erp.bak") };
      const nowhere = { TMPDIR: "/nonexistent", HOME: "/nonexistent" };
      const { recorded, error } = await arena.attemptKilled(scene, args, undefined, nowhere);
      if (error !== undefined) throw new Error(error);
      await arena.settles(scene, args, recorded, [args.backup]);
    },
  };
}
