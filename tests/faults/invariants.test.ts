import type { JournalEntry } from "../../emulator/world";
import { brokenInvariants, type Evidence } from "../../faults/invariants";

const entry = (action: string, detail: JournalEntry["detail"], more: Partial<JournalEntry> = {}): JournalEntry => ({
  ...{ request: 1, atMs: 0, service: "oss", action, status: 200, detail },
  ...more,
});
const task = (taskId: string, status: string, dbName = "erp") =>
  entry(
    "taskStatus",
    { instanceId: "rm-1", taskId, dbName, status },
    { request: 0, service: "rds", status: undefined },
  );
const evidence = (more: Partial<Evidence>): Evidence => ({
  ...{ journal: [], objects: [{ key: "erp.bak", crc64: "42" }], unfinishedUploads: 0 },
  ...{ backupCrcs: new Set(["42"]), output: "erp is online", secrets: ["S3CRET"] },
  ...more,
});

test("a run that keeps every guarantee breaks no invariant", () => {
  const journal = [
    entry("UploadPart", { key: "erp.bak", bytes: 100 }),
    entry("CompleteMultipartUpload", { key: "erp.bak" }),
    entry("PutObject", { key: "erp.bak.0f3a.claim" }),
    task("1", "NoStart"),
    task("1", "Failed"),
    task("2", "NoStart"),
    task("2", "Success"),
    entry("DeleteObject", { key: "erp.bak.0f3a.claim" }, { status: 204 }),
  ];
  expect(brokenInvariants(evidence({ journal, maxPartBytes: 100 }))).toEqual([]);
});

const remade = [
  entry("CompleteMultipartUpload", { key: "erp.bak" }),
  entry("DeleteObject", { key: "erp.bak" }, { status: 204 }),
  entry("CompleteMultipartUpload", { key: "erp.bak" }),
];

test("an object with wrong reported properties may be deleted and uploaded again", () => {
  expect(brokenInvariants(evidence({ journal: remade, mayUploadAgain: true }))).toEqual([]);
});

test.each<[string, Partial<Evidence>, RegExp]>([
  [
    "an object that overwrites the second upload",
    { journal: [...remade, entry("CompleteMultipartUpload", { key: "erp.bak" })], mayUploadAgain: true },
    /erp\.bak was completed twice/,
  ],
  ["an object uploaded again", { journal: remade }, /completed twice; DeleteObject on erp/],
  [
    "two live tasks",
    { journal: [task("1", "NoStart"), task("2", "NoStart", "ERP")] },
    /rm-1\/erp has 2 live tasks: 1, 2/,
  ],
  ["a task beside a finished one", { journal: [task("1", "Success"), task("2", "NoStart")] }, /2 live tasks/],
  ["a dropped database", { journal: [entry("DeleteDatabase", {})] }, /DeleteDatabase was called/],
  ["a terminated task", { journal: [entry("TerminateMigrateTask", {})] }, /TerminateMigrateTask/],
  ["another object", { objects: [{ key: "erp.bak", crc64: "43" }] }, /erp\.bak is not a copy/],
  [
    "an object created twice",
    { journal: [1, 2].map(() => entry("CompleteMultipartUpload", { key: "erp.bak" })) },
    /completed twice/,
  ],
  [
    "a deleted object",
    { journal: [entry("DeleteObject", { key: "erp.bak" }, { status: 204 })] },
    /DeleteObject on erp/,
  ],
  [
    "bytes serializeRecord twice",
    { journal: [entry("UploadPart", { key: "erp.bak", bytes: 101 })], maxPartBytes: 100 },
    /101 bytes/,
  ],
  ["a lock object that remains", { objects: [{ key: "erp.bak.0f3a.claim", crc64: "1" }] }, /was not removed/],
  ["an upload that remains", { unfinishedUploads: 1 }, /1 unfinished uploads/],
  ["a secret", { output: "the key is S3CRET" }, /contains a secret/],
  ["a signed URL", { output: "https://b/k?x-oss-signature=abc" }, /signed URL/],
  ["a stack trace", { output: "Error: no\n    at run (/home/me/provider/create.ts:7:1)" }, /stack/],
])("reports %s", (_, more, words) => {
  expect(brokenInvariants(evidence(more)).join("; ")).toMatch(words);
});
