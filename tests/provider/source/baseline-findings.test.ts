import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readBaseline } from "../../../provider/source/baseline";
import { type BaselineDestination, baselineFindings } from "../../../provider/source/baseline-findings";
import { BASELINE_RULES } from "../../../provider/source/baseline-rules";
import { SERVER_OBJECTS } from "../../../provider/source/rules/server-objects";
import { BASELINE_CASES, beside, inErp, user, with_ } from "../../../testing/baseline/baseline-cases";
import {
  baselineText,
  type GivenRecord,
  PLAIN_CONTENTS,
  PLAIN_DATABASE,
} from "../../../testing/baseline/baseline-text";

function codesOf(records: readonly GivenRecord[], destination: BaselineDestination = { engineVersion: "2019_std_ha" }) {
  return baselineFindings(readBaseline(baselineText(records), "b.json"), destination).map(({ code }) => code);
}

it("a plain database has no findings", () => expect(codesOf(beside(PLAIN_CONTENTS))).toEqual([]));

// A row with one element too few would make jest pass a callback and wait for it.
it.each(BASELINE_CASES.map(([code, records, destination]) => ({ code, records, destination })))(
  "$code is found, and nothing else",
  ({ code, records, destination }) => expect(codesOf(records, destination)).toEqual([code]),
);

it.each([
  ["a user without a login by intention", beside(user({ isWithoutLogin: true }))],
  ["an old feature where every edition has it", beside({ record: "editionFeature", ...inErp, feature: "Compression" })],
  ["Service Broker without services", with_({ isBrokerEnabled: true })],
  [
    "a reference to a database that comes along",
    [
      ...beside({ record: "reference", ...inErp, otherDatabase: "crm" }),
      { ...PLAIN_DATABASE, database: "CRM" } as GivenRecord,
    ],
  ],
])("no finding for %s", (_name, records) => expect(codesOf(records)).toEqual([]));

it("an unknown destination skips only the rules that depend on it", () => {
  expect(codesOf(with_({ isReadOnly: true }), {})).toEqual(["SOURCE_NOT_WRITABLE"]);
  expect(codesOf(with_({ isReadOnly: true }), { engineVersion: "2031_quantum" })).toEqual(["SOURCE_NOT_WRITABLE"]);
});

it("every message contains the database and a remedy", () => {
  const source = readBaseline(baselineText(with_({ isCdcEnabled: true })), "b.json");
  expect(baselineFindings(source)[0]).toEqual({
    severity: "warning",
    code: "SOURCE_CDC",
    database: "ERP",
    message: expect.stringMatching(/^SOURCE_CDC: Database ERP: change data capture .*\. Set it up again/s),
  });
});

it("an object of the server is named, once for all databases", () => {
  const crm = { ...PLAIN_DATABASE, database: "CRM" } as GivenRecord;
  const flags = ["1117", "3226"].map((name): GivenRecord => ({ record: "traceFlag", name }));
  expect(baselineFindings(readBaseline(baselineText(beside(crm, ...flags)), "b.json"))).toEqual([
    {
      severity: "warning",
      code: "SOURCE_TRACE_FLAGS",
      database: undefined,
      message: expect.stringMatching(/^SOURCE_TRACE_FLAGS: trace flags are on .*: 1117, 3226\. DBCC TRACEON needs/),
    },
  ]);
});

it("every rule has a case above, a source, and a row in the document", () => {
  const docs = readFileSync(join(__dirname, "..", "..", "..", "docs", "how-to", "baseline.md"), "utf8");
  const documented = [...docs.matchAll(/^\| `(SOURCE_\w+)`/gm)].map(([, code]) => code).sort();
  const shown = new Set(BASELINE_CASES.map(([code]) => code));
  const rules = [...BASELINE_RULES, ...SERVER_OBJECTS];
  expect(rules.map(({ code }) => code).filter((code) => !shown.has(code))).toEqual([]);
  expect(rules.filter(({ source, remedy }) => source === "" || remedy === "")).toEqual([]);
  expect(documented).toEqual([...shown].sort());
});
