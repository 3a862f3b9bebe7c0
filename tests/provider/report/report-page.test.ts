import { createHash } from "node:crypto";
import { XMLValidator } from "fast-xml-parser";
import { mostAtOnce } from "../../../provider/report/load-picture";
import { migrationReport } from "../../../provider/report/migration-report";
import { PAGE_STYLE } from "../../../provider/report/page-style";
import { reportPage } from "../../../provider/report/report-page";
import type { StackState } from "../../../provider/stack-state/exported-stack";
import { FAILURE, fleetState, migration, resource, stateOf } from "./support/fleet-state";

const pageOf = (state: StackState): string => reportPage(migrationReport(state), { digest: "0".repeat(64) });
const BLOCKS = /<(script|style)>([\s\S]*?)<\/\1>/g;
const withoutBlocks = (page: string): string => page.replace(BLOCKS, "");

const HOSTILE = `</td><script>alert(1)</script><img src=x onerror=alert(1)>'"&\u202etxt\u0007`;
/** Hostile text in every member that a page shows. */
const hostileState = (): StackState =>
  stateOf(
    migration(HOSTILE, {
      ...{
        statusText: HOSTILE,
        backup: HOSTILE,
        objectKey: HOSTILE,
        warnings: [HOSTILE, `CODE: ${HOSTILE}\n${HOSTILE}`],
      },
      ...{ status: "failed", failure: { ...FAILURE, cause: HOSTILE, remedy: HOSTILE, requestId: HOSTILE } },
      ...{ files: [{ name: HOSTILE, status: HOSTILE }], migrateTaskId: HOSTILE, dataAsOf: HOSTILE },
    }),
    resource({
      ...{ kind: "MigrationVerification", name: HOSTILE, initErrors: [HOSTILE] },
      outputs: {
        ...{ source: HOSTILE, target: HOSTILE, databases: [HOSTILE], acceptedDifferences: [HOSTILE] },
        ...{ renamed: { [HOSTILE]: HOSTILE }, counts: { databases: 1, accepted: 1, todo: 0, expected: 0 } },
      },
    }),
  );

const PAGES: [string, StackState][] = [
  ["no database", stateOf()],
  ["one database", fleetState(1)],
  ["a fleet", fleetState(60)],
  ["hostile names", hostileState()],
];

test.each(PAGES)("the page of %s is well-formed and has every id once", (_name, state) => {
  const page = pageOf(state);
  expect(XMLValidator.validate(withoutBlocks(page).replaceAll("&#39;", ""))).toBe(true);
  const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [, id] of page.matchAll(/(?:href="#|aria-labelledby="|data-table="|data-detail=")([^"]+)"/g))
    expect(ids).toContain(id);
});

test.each(PAGES)("the page of %s loads nothing and runs its own script only", (_name, state) => {
  const page = pageOf(state);
  const [, policy = ""] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
  const blocks = [...page.matchAll(BLOCKS)];
  expect(blocks.map(([, name]) => name)).toEqual(["style", "script"]);
  const [style, script] = blocks.map(
    ([, , text = ""]) => `sha256-${createHash("sha256").update(text).digest("base64")}`,
  );
  expect(policy.replaceAll("&#39;", "'")).toBe(
    `default-src 'none'; style-src '${style}'; script-src '${script}'; base-uri 'none'; form-action 'none'`,
  );
  const markup = withoutBlocks(page);
  expect(markup).not.toMatch(/<(?:link|img|iframe|object|embed|form|base|a href="(?!#))/);
  expect(markup.replace(/"[^"]*"/g, "")).not.toMatch(/<[^>]*\s(?:src|style|on\w+|xlink:href)=/);
  expect(page).not.toMatch(/https?:\/\//);
});

test("hostile names are shown as text, with their control characters visible", () => {
  const page = withoutBlocks(pageOf(hostileState()));
  expect(page).not.toMatch(/alert\(1\)<\/script>|<img/);
  expect(page).not.toContain("\u0007");
  expect(page).not.toContain("\u202e");
  expect(page).toContain(
    "&lt;/td&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&#39;&quot;&amp;\\u202etxt\\x07",
  );
});

test("the picture has a bar for each stage, and the failure a mark and words", () => {
  const page = pageOf(fleetState(30));
  expect(page.match(/<rect class="upload"/g)).toHaveLength(31); // with the legend's
  expect(page.match(/<rect class="check"/g)?.length).toBeGreaterThan(20);
  expect(page).toContain("\nfailed: TASK_NO_SPACE</title>");
  expect(page).toMatch(/role="img" aria-label="Timeline of 30 databases,/);
});

test("a failure of many databases is one notice with its remedy", () => {
  const page = pageOf(fleetState(100));
  expect(page.match(/<div class="notice error">/g)).toHaveLength(1);
  expect(page).toContain("Enlarge the instance’s disk");
});

test("the picture of all databases shows how many are in a stage at a time; a stage counts from the end of the one before", () => {
  const bar = (fromMs: number, toMs: number) => ({ kind: "upload", fromMs, toMs, isOpen: false }) as const;
  expect(mostAtOnce([bar(0, 10), bar(10, 20), bar(5, 15), bar(30, 30)])).toBe(2);
  expect(pageOf(fleetState(10))).not.toContain("at once");
  expect(pageOf(fleetState(30))).toMatch(/>at most \d\d at once</);
});

/** Relative luminance and contrast of WCAG 2. */
function contrast(one: string, other: string): number {
  const luminance = (colour: string): number => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5]
      .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
      .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

test.each([0, 1])("texts have a contrast of 4.5 and bars one of 3, light and dark (%d)", (scheme) => {
  const block = [...PAGE_STYLE.matchAll(/:root \{([^}]*)\}/g)][scheme]?.[1] ?? "";
  const colours = Object.fromEntries(
    [...block.matchAll(/--(\w+): (#\w{6})/g)].map(([, name, colour]) => [name, colour]),
  );
  for (const ground of ["bg", "card"]) {
    for (const text of ["fg", "muted", "link", "good", "bad", "wait"])
      expect([text, ground, contrast(colours[text], colours[ground]) >= 4.5]).toEqual([text, ground, true]);
    for (const bar of ["upload", "queue", "restore", "increment", "check"])
      expect([bar, ground, contrast(colours[bar], colours[ground]) >= 3]).toEqual([bar, ground, true]);
  }
});
