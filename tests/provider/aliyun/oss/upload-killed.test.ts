import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import type { ChildJob } from "./support/upload-child";
import { KEY, outcomeOf, PART, seededBytes, startUploadRig, type UploadRig } from "./support/upload-rig";

let rig: UploadRig;
beforeEach(async () => {
  rig = await startUploadRig();
});
afterEach(() => rig.close());

const CONTENT = seededBytes(12 * PART + 100, 51);
const PARTS = 13;
const PARALLEL = 3;

function startChild(file: string): ChildProcess {
  const { endpoint, region, accessKeyId, accessKeySecret, bucket } = rig.emulator;
  const request = { bucket, key: KEY, path: file, partSizeBytes: PART, parallel: PARALLEL };
  const job: ChildJob = { endpoint, region, accessKeyId, accessKeySecret, request };
  const script = path.join(__dirname, "support", "upload-child.ts");
  const child = spawn(process.execPath, ["-r", "ts-node/register/transpile-only", script, JSON.stringify(job)], {
    cwd: path.join(__dirname, "..", "..", "..", ".."),
    stdio: ["ignore", "pipe", "inherit"],
  });
  return child;
}

const arrivedParts = (): number =>
  rig.emulator.journal.entries.filter(({ action, status }) => action === "UploadPart" && status === 200).length;

async function untilPartsArrived(count: number): Promise<void> {
  while (arrivedParts() < count) await new Promise((resolve) => setTimeout(resolve, 5));
}

it.each([1, 6])("resumes an upload whose process was killed after %d parts", async (count) => {
  const file = rig.writeFile("a.bak", CONTENT);
  rig.emulator.faults.add({ match: { action: "UploadPart" }, effect: { kind: "delay", ms: 30 } });
  const child = startChild(file);
  await untilPartsArrived(count);
  child.kill("SIGKILL");
  await once(child, "exit");
  rig.emulator.faults.clear();
  const result = await rig.upload(file, { parallel: PARALLEL });
  expect(result.outcome).toBe("resumed");
  expect(arrivedParts() - PARTS).toBeLessThanOrEqual(PARALLEL); // sent twice: what was under way
  expect(CONTENT.equals((await rig.object()) ?? Buffer.alloc(0))).toBe(true);
  expect(rig.emulator.oss.uploads()).toEqual([]);
});

it("ends in one right object when a process that seemed dead continues", async () => {
  const file = rig.writeFile("a.bak", CONTENT);
  rig.emulator.faults.add({ match: { action: "UploadPart" }, effect: { kind: "delay", ms: 20 } });
  const child = startChild(file);
  let output = "";
  child.stdout?.on("data", (text) => {
    output += text;
  });
  await untilPartsArrived(3);
  const outcomes = [await outcomeOf(rig.upload(file, { parallel: PARALLEL }))];
  if (child.exitCode === null) await once(child, "exit");
  outcomes.push(output.trim());
  for (const outcome of outcomes) expect(outcome).toMatch(/^(uploaded|resumed|alreadyThere)$/);
  expect(CONTENT.equals((await rig.object()) ?? Buffer.alloc(0))).toBe(true);
  expect(rig.emulator.oss.uploads()).toEqual([]);
});
