import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type Emulator, startEmulator } from "../../emulator/emulator";
import { callRpc } from "./support/rpc-client";
import { type Addressable, signedRequest } from "./support/signed-request";
import { spawnEmulator } from "./support/spawn-emulator";

const PART_BYTES = 102_400;
let stateDir: string;
beforeEach(() => {
  stateDir = mkdtempSync(path.join(os.tmpdir(), "emulator-state-"));
});
afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

async function initiate(emulator: Addressable, key: string): Promise<string> {
  const reply = await signedRequest(emulator, { method: "POST", key, query: { uploads: "" } });
  return /<UploadId>(.*)<\/UploadId>/.exec(reply.text)?.[1] ?? "";
}
const sendPart = (emulator: Addressable, key: string, uploadId: string, partNumber: number) =>
  signedRequest(emulator, {
    method: "PUT",
    key,
    query: { uploadId, partNumber: `${partNumber}` },
    body: Buffer.alloc(PART_BYTES, partNumber),
  });

it("restores its state after a restart with the same folder", async () => {
  const first = await startEmulator({ stateDir });
  first.oss.makeBucket({ name: "second", storageClass: "IA" });
  await first.oss.putObject("second", "k", Buffer.from("content"));
  const uploadId = await initiate(first, "parts.bin");
  const { etag } = (await sendPart(first, "parts.bin", uploadId, 1)).headers;
  const keys = await first.sts.issue(600);
  await first.rds.setInstance({ id: first.instanceId, description: "kept" });
  await first.close();

  const second = await startEmulator({ stateDir });
  const identity = ({ accessKeyId, accessKeySecret, instanceId, bucket, region, accountId }: Emulator) => ({
    accessKeyId,
    accessKeySecret,
    instanceId,
    bucket,
    region,
    accountId,
  });
  expect(identity(second)).toEqual(identity(first));
  expect((await second.oss.getObject("second", "k")).toString()).toBe("content");
  const body = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${etag}</ETag></Part></CompleteMultipartUpload>`;
  expect((await signedRequest(second, { method: "POST", key: "parts.bin", query: { uploadId }, body })).status).toBe(
    200,
  );
  const described = await callRpc(
    second,
    "DescribeDBInstanceAttribute",
    "2014-08-15",
    { DBInstanceId: second.instanceId },
    { keys },
  );
  expect(JSON.stringify(described)).toContain('"DBInstanceDescription":"kept"');
  expect(second.journal.entries.map(({ request }) => request).filter((number) => number > 0)).toEqual([1, 2, 3, 4]);
  await second.close();
});

it("keeps the instances of its first start, also when no request reached RDS", async () => {
  const first = await startEmulator({ stateDir, rds: { instances: [{ id: "rm-first" }] } });
  await first.close();
  const second = await startEmulator({ stateDir });
  const described = await callRpc(second, "DescribeDBInstanceAttribute", "2014-08-15", { DBInstanceId: "rm-first" });
  await second.close();
  expect(described).toMatchObject({ Items: { DBInstanceAttribute: [{ DBInstanceId: "rm-first" }] } });
});

it("does not recreate the initial bucket after its deletion", async () => {
  const first = await startEmulator({ stateDir });
  first.oss.removeBucket(first.bucket);
  await first.close();
  const second = await startEmulator({ stateDir });
  expect(second.objects.bucket(second.bucket)).toBeUndefined();
  await second.close();
});

it("drops an incomplete log line and unreferenced files after a crash", async () => {
  const first = await startEmulator({ stateDir });
  await first.oss.putObject(first.bucket, "whole.bin", Buffer.from("whole"));
  await first.close();
  appendFileSync(path.join(stateDir, "oss", "events.jsonl"), '{"type":"objectPut","bucket":"');
  appendFileSync(path.join(stateDir, "journal.jsonl"), '{"request":9');
  writeFileSync(path.join(stateDir, "oss", "bytes", "orphan"), "half an upload");
  const second = await startEmulator({ stateDir });
  expect((await second.oss.getObject(second.bucket, "whole.bin")).toString()).toBe("whole");
  expect(readdirSync(path.join(stateDir, "oss", "bytes"))).toHaveLength(1);
  await signedRequest(second, { method: "HEAD", key: "whole.bin" });
  await second.close();
  const third = await startEmulator({ stateDir });
  expect(third.journal.entries.map(({ action }) => action)).toEqual(["HeadObject"]); // the incomplete line did not corrupt it
  await third.close();
});

it("keeps every acknowledged part after a kill -9 during uploads", async () => {
  const killed = await spawnEmulator(["--state", stateDir]);
  const uploadId = await initiate(killed, "killed.bin");
  const acknowledged: number[] = [];
  const sending = Array.from({ length: 40 }, async (_, index) => {
    const reply = await sendPart(killed, "killed.bin", uploadId, index + 1).catch(() => undefined);
    if (reply?.status === 200) acknowledged.push(index + 1);
  });
  while (acknowledged.length < 5) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(await killed.stop("SIGKILL")).toBe("SIGKILL");
  await Promise.all(sending);

  const again = await startEmulator({ stateDir });
  const [upload] = again.oss.uploads();
  const kept = upload?.parts.map(({ partNumber }) => partNumber) ?? [];
  expect(kept).toEqual(expect.arrayContaining(acknowledged));
  const journaled = again.journal.entries.filter(({ action, status }) => action === "UploadPart" && status === 200);
  expect(journaled.length).toBeLessThanOrEqual(kept.length);
  await again.close();
}, 30_000);
