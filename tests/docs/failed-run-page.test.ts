import { readFileSync } from "node:fs";
import { join } from "node:path";
import { catalogue } from "../../provider/errors/catalogue";
import { lastKnownReport } from "../../provider/outcome/last-known-report";

const page = readFileSync(join(__dirname, "..", "..", "docs", "how-to", "a-run-failed.md"), "utf8");

test("the page searches a log for the heading that a run prints when it can no longer follow its databases", () => {
  const [, searched = ""] = /`(Last known [^`]+)`/.exec(page) ?? [];
  const report = lastKnownReport(new Error("stopped"), { instance: "rm-1", outcomes: [], askedAtMs: undefined });
  expect(report).toContain(`${searched} rm-1`);
});

test("each code that the page names is in the catalogue", () => {
  const codes = [...page.matchAll(/`([A-Z]+_[A-Z_]+)`/g)].flatMap(([, code = ""]) => code);
  expect(codes).toContain("INSTANCE_INCOMPLETE");
  expect(codes.filter((code) => !(code in catalogue))).toEqual([]);
});
