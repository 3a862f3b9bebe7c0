import type { JournalEntry } from "../../emulator/world";
import { logOf } from "../../faults/run-log";

const entry = (action: string, detail: JournalEntry["detail"], more: Partial<JournalEntry> = {}): JournalEntry => ({
  ...{ request: 7, atMs: 1_000, service: "oss", action, status: 200, detail },
  ...more,
});

test("a broken promise is told with everything that was asked about its database", () => {
  const journal = [
    entry("DescribeDatabases", {}),
    entry("PutObject", { key: "db007.bak.0f3a.claim" }, { atMs: 1_250 }),
    entry("PutObject", { key: "db008.bak.0f3a.claim" }),
    entry("taskStatus", { dbName: "db007", status: "Success" }, { request: 0, status: undefined, atMs: 1_400 }),
    entry("DeleteObject", { key: "db007.bak.0f3a.claim", fault: "reset" }, { atMs: 1_500, status: undefined }),
  ];
  expect(logOf("db007.bak.0f3a.claim stays behind", journal)).toEqual([
    "+250 ms 7 PutObject db007.bak.0f3a.claim 200",
    "+400 ms 0 taskStatus Success",
    "+500 ms 7 DeleteObject db007.bak.0f3a.claim reset",
  ]);
  expect(logOf("3 unfinished uploads stay behind", journal)).toEqual([]);
});
