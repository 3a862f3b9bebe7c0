import {
  appendFileSync,
  chmodSync,
  closeSync,
  copyFileSync,
  openSync,
  readFileSync,
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

/** In the third part of an upload. */
const CHANGED_AT = 300_000;

/** Writes into the file and puts its times back, as `touch -r` does. */
function writeInPlace(path: string, bytes: Uint8Array): void {
  const { atime, mtime } = statSync(path);
  const file = openSync(path, "r+");
  writeSync(file, bytes, 0, bytes.length, CHANGED_AT);
  closeSync(file);
  utimesSync(path, atime, mtime);
}

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
  "gets another mode": {
    strike: (path) => chmodSync(path, 0o600),
    mend: () => undefined,
  },
  "is changed in place, and its times put back": {
    strike: (path) => writeInPlace(path, Buffer.alloc(1_000, 7)),
    mend: (path, copy) => copyFileSync(copy, path),
  },
  "grows, like an unfinished backup": {
    strike: (path) => appendFileSync(path, Buffer.alloc(5_000)),
    mend: (path, copy) => copyFileSync(copy, path),
  },
};

/** F8: faults of the local disk. It holds only the backup; the provider keeps no checkpoint that could be lost or wrong. */
export function diskCases(): FaultCase[] {
  return [...Object.keys(EVENTS).map(fileCase), betweenRunsCase(), readOnlyCase()];
}

/** A run was stopped in the upload of another content, of which parts exist. The object must be the file as it is then. */
function betweenRunsCase(): FaultCase {
  return {
    family: "F8",
    name: "the backup is changed in place, and its times put back, between two runs",
    async run(cloud) {
      const fixture = await cloud.fixture();
      const backup = await fixture.backup("erp.bak", { dataBytes: 1_000_000 });
      const sound = readFileSync(backup).subarray(CHANGED_AT, CHANGED_AT + 1_000);
      writeInPlace(backup, Buffer.alloc(sound.length, 7));
      const recorded = await fixture.upToUploading({ backup });
      writeInPlace(backup, sound);
      await cloud.requireConvergence(fixture, { backup }, recorded, [backup], { resentBytes: 500_000 });
    },
  };
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
