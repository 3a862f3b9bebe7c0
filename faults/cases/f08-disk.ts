import {
  appendFileSync,
  closeSync,
  copyFileSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { until } from "../../testing/fixture";
import type { FaultCase } from "../fault-case";

/** Changes of the file during its upload, and whether it still is the same backup. */
const EVENTS: Record<string, { strike: (path: string) => void; mend: (path: string, copy: string) => void }> = {
  "is deleted": { strike: (path) => rmSync(path), mend: (path, copy) => copyFileSync(copy, path) },
  "is renamed": { strike: (path) => renameSync(path, `${path}.old`), mend: (path) => renameSync(`${path}.old`, path) },
  "is truncated": { strike: (path) => truncateSync(path, 150_000), mend: (path, copy) => copyFileSync(copy, path) },
  "is emptied": {
    strike: (path) => writeFileSync(path, ""),
    mend: (path, copy) => copyFileSync(copy, path),
  },
  "is touched": {
    strike: (path) => utimesSync(path, new Date(), new Date()),
    mend: () => undefined,
  },
  "is changed in place, and its times put back": {
    strike: (path) => {
      const { atime, mtime } = statSync(path);
      const file = openSync(path, "r+");
      writeSync(file, Buffer.alloc(1_000, 7), 0, 1_000, 300_000);
      closeSync(file);
      utimesSync(path, atime, mtime);
    },
    mend: (path, copy) => copyFileSync(copy, path),
  },
  "grows, like an unfinished backup": {
    strike: (path) => appendFileSync(path, Buffer.alloc(5_000)),
    mend: (path, copy) => copyFileSync(copy, path),
  },
};

/** F8: faults of the local disk. It holds only the backup; the provider keeps no checkpoint that could be lost or wrong. */
export function diskCases(): FaultCase[] {
  return [...Object.keys(EVENTS).map(fileCase), readOnlyCase()];
}

function fileCase(name: string): FaultCase {
  return {
    family: "F8",
    name: `the backup ${name} in the middle of its upload`,
    async run(cloud) {
      const fixture = await cloud.fixture();
      const backup = await fixture.backup("erp.bak", { dataBytes: 700_000 });
      const copy = join(fixture.folder, "copy");
      copyFileSync(backup, copy);
      const slowly = { backup, upload: { partSize: 102_400, parallel: 1, rateLimit: 700_000 } };
      const running = cloud.attempt(fixture, slowly);
      await until(() => fixture.emulator.oss.uploads().some(({ parts }) => parts.length >= 2));
      EVENTS[name]?.strike(backup);
      const { recorded } = await running;
      EVENTS[name]?.mend(backup, copy);
      await cloud.requireConvergence(fixture, { backup }, recorded, [backup], { resentBytes: 1_000_000 });
    },
  };
}

function readOnlyCase(): FaultCase {
  return {
    family: "F8",
    name: "no temporary folder and no home folder",
    async run(cloud) {
      const fixture = await cloud.fixture();
      const args = { backup: await fixture.backup("erp.bak") };
      const nowhere = { TMPDIR: "/nonexistent", HOME: "/nonexistent" };
      const { recorded, error } = await cloud.attemptKilled(fixture, args, undefined, nowhere);
      if (error !== undefined) throw new Error(error);
      await cloud.requireConvergence(fixture, args, recorded, [args.backup]);
    },
  };
}
