import { XMLValidator } from "fast-xml-parser";
import { assess } from "../../../provider/report/assessment";
import { assessmentPage } from "../../../provider/report/assessment-page";
import { readBaseline } from "../../../provider/source/baseline";
import {
  baselineText,
  type GivenRecord,
  PLAIN_CONTENTS,
  PLAIN_DATABASE,
  PLAIN_SERVER,
} from "../../../testing/baseline/baseline-text";

const baselineOf = (...records: GivenRecord[]) => readBaseline(baselineText(records), "baseline.json");
const OLD_SERVER = { ...PLAIN_SERVER, productVersion: "12.0.5000.0" };
const FEATURE: GivenRecord = { record: "editionFeature", database: "ERP", feature: "Compression" };

test("the smallest edition of each release follows from the rules of the preview", () => {
  const { sufficient, engineVersion, databases } = assess({
    baseline: baselineOf(OLD_SERVER, PLAIN_DATABASE, PLAIN_CONTENTS, FEATURE, { ...PLAIN_DATABASE, database: "CRM" }),
  });
  expect(sufficient.map((each) => each.engineVersion)).toEqual([
    ...["2014_ent", "2016_web", "2017_web", "2019_web", "2022_web", "2025_web"],
  ]);
  expect(engineVersion).toBe("2014_ent");
  expect(databases.map(({ smallest }) => smallest?.engineVersion)).toEqual(["2014_web", "2014_ent"]);
});

test("a source that is newer than every release has no sufficient destination", () => {
  const server = { ...PLAIN_SERVER, productVersion: "99.0.1" };
  const { sufficient, databases } = assess({ baseline: baselineOf(server, PLAIN_DATABASE, PLAIN_CONTENTS) });
  expect([sufficient, databases[0]?.smallest]).toEqual([[], undefined]);
});

test("what a backup lacks is listed for its database, and what no backup has for the server", () => {
  const user: GivenRecord = { record: "user", database: "ERP", name: "app", type: "SQL_USER", login: "app" };
  const linked: GivenRecord = { record: "linkedServer", name: "OLD", product: null, provider: null };
  const { databases, server, totals } = assess({
    baseline: baselineOf(PLAIN_SERVER, PLAIN_DATABASE, PLAIN_CONTENTS, user, linked),
  });
  expect(databases[0]).toMatchObject({ readiness: "attention", attention: [{ code: "SOURCE_LOGINS" }] });
  expect(databases[0]?.attention[0]?.what).not.toContain("SOURCE_LOGINS");
  expect(server).toMatchObject([{ code: "SOURCE_LINKED_SERVERS" }]);
  expect(totals).toMatchObject({ databases: 1, attention: 1, ready: 0, blocked: 0 });
});

test("the page is well-formed and shows hostile names as text", () => {
  const database = { ...PLAIN_DATABASE, database: "<script>'\u202e", isEncrypted: true };
  const page = assessmentPage(assess({ baseline: baselineOf(PLAIN_SERVER, database) }), "0".repeat(64));
  const markup = page.replace(/<(script|style)>[\s\S]*?<\/\1>/g, "");
  expect(XMLValidator.validate(markup.replaceAll("&#39;", ""))).toBe(true);
  expect(markup).toContain("&lt;script&gt;&#39;\\u202e");
  expect(markup).not.toContain("<script>");
});
