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
  ...{ backupCrcs: new Set(["42"]), said: "erp is online", secrets: ["S3CRET"] },
  ...more,
});

test("a run that kept every promise breaks none", () => {
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
  expect(brokenInvariants(evidence({ journal, mostPartBytes: 100 }))).toEqual([]);
});

const remade = [
  entry("CompleteMultipartUpload", { key: "erp.bak" }),
  entry("DeleteObject", { key: "erp.bak" }, { status: 204 }),
  entry("CompleteMultipartUpload", { key: "erp.bak" }),
];

test("an object that the service gave a wrong account of may be taken away and made once more", () => {
  expect(brokenInvariants(evidence({ journal: remade, mayUploadAgain: true }))).toEqual([]);
});

test.each<[string, Partial<Evidence>, RegExp]>([
  [
    "an object that was made over the one that was made again",
    { journal: [...remade, entry("CompleteMultipartUpload", { key: "erp.bak" })], mayUploadAgain: true },
    /erp\.bak was completed twice/,
  ],
  ["an object made again", { journal: remade }, /completed twice; DeleteObject on erp/],
  [
    "two live tasks",
    { journal: [task("1", "NoStart"), task("2", "NoStart", "ERP")] },
    /rm-1\/erp has 2 live tasks: 1, 2/,
  ],
  ["a task beside a finished one", { journal: [task("1", "Success"), task("2", "NoStart")] }, /2 live tasks/],
  ["a dropped database", { journal: [entry("DeleteDatabase", {})] }, /DeleteDatabase was asked for/],
  ["an ended task", { journal: [entry("TerminateMigrateTask", {})] }, /TerminateMigrateTask/],
  ["another object", { objects: [{ key: "erp.bak", crc64: "43" }] }, /erp\.bak is no copy/],
  [
    "an object made twice",
    { journal: [1, 2].map(() => entry("CompleteMultipartUpload", { key: "erp.bak" })) },
    /completed twice/,
  ],
  [
    "a deleted object",
    { journal: [entry("DeleteObject", { key: "erp.bak" }, { status: 204 })] },
    /DeleteObject on erp/,
  ],
  [
    "bytes sent twice",
    { journal: [entry("UploadPart", { key: "erp.bak", bytes: 101 })], mostPartBytes: 100 },
    /101 bytes/,
  ],
  ["a claim that stays", { objects: [{ key: "erp.bak.0f3a.claim", crc64: "1" }] }, /stays behind/],
  ["an upload that stays", { unfinishedUploads: 1 }, /1 unfinished uploads/],
  ["a secret", { said: "the key is S3CRET" }, /a secret was told/],
  ["a signed URL", { said: "https://b/k?x-oss-signature=abc" }, /signed URL/],
  ["a stack", { said: "Error: no\n    at run (/home/me/provider/create.ts:7:1)" }, /stack/],
])("%s is seen", (_, more, words) => {
  expect(brokenInvariants(evidence(more)).join("; ")).toMatch(words);
});
