import type { JournalEntry } from "../../emulator/world";
import { requestLogOf } from "../../faults/request-log";

const entry = (action: string, detail: JournalEntry["detail"], more: Partial<JournalEntry> = {}): JournalEntry => ({
  ...{ request: 7, atMs: 1_000, service: "oss", action, status: 200, detail },
  ...more,
});

test("a broken guarantee is reported with the requests of its database", () => {
  const journal = [
    entry("DescribeDatabases", {}),
    entry("PutObject", { key: "db007.bak.0f3a.claim" }, { atMs: 1_250 }),
    entry("PutObject", { key: "db008.bak.0f3a.claim" }),
    entry("taskStatus", { dbName: "db007", status: "Success" }, { request: 0, status: undefined, atMs: 1_400 }),
    entry("DeleteObject", { key: "db007.bak.0f3a.claim", fault: "reset" }, { atMs: 1_500, status: undefined }),
  ];
  expect(requestLogOf("db007.bak.0f3a.claim was not removed", journal)).toEqual([
    "+250 ms 7 PutObject db007.bak.0f3a.claim 200",
    "+400 ms 0 taskStatus Success",
    "+500 ms 7 DeleteObject db007.bak.0f3a.claim reset",
  ]);
  expect(requestLogOf("3 unfinished uploads were not aborted", journal)).toEqual([]);
});
