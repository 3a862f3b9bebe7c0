import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../../provider/cli/sqlserver-source";
import { baselineText, PLAIN_CONTENTS, PLAIN_DATABASE, PLAIN_SERVER } from "../../../testing/baseline/baseline-text";
import { SQL_FOLDER } from "../../sql/support/scripts";
import { tokensOf } from "../../sql/support/tsql-tokens";
import { runCommand } from "./support/run-command";

const ROOT = join(__dirname, "..", "..", "..");
const EXAMPLES = join(ROOT, "examples", "source-side");
const BEFORE = join(EXAMPLES, "baseline.json");
const AFTER = join(EXAMPLES, "verify.json");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sqlserver-source-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function run(...args: string[]) {
  const { exit: status, ...printed } = await runCommand(main, args);
  return { status, ...printed };
}

function put(name: string, content: string | Buffer): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

describe("compare", () => {
  it("prints what the document shows, and exits with 1", async () => {
    const { status, out } = await run("compare", BEFORE, AFTER);
    const [, shown = ""] =
      /```text\n([\s\S]*?)\n```/.exec(readFileSync(join(ROOT, "docs", "how-to", "compare.md"), "utf8")) ?? [];
    expect(out).toBe(shown);
    expect(status).toBe(1);
  });

  it("exits with 0 where nothing differs, and where only something is left to do unless it is strict", async () => {
    const before = put("before.json", baselineText([{ ...PLAIN_DATABASE, isTrustworthy: true }, PLAIN_CONTENTS]));
    const after = put("after.json", baselineText([PLAIN_DATABASE, PLAIN_CONTENTS], "verify"));
    expect(await run("compare", before, before)).toMatchObject({
      status: 0,
      out: expect.stringContaining("ERP: the same"),
    });
    expect((await run("compare", before, after)).status).toBe(0);
    expect((await run("compare", before, after, "--strict")).status).toBe(1);
  });

  it("of nothing is no proof", async () => {
    const empty = put("empty.json", baselineText([PLAIN_SERVER]));
    expect(await run("compare", empty, empty)).toMatchObject({ status: 1, out: expect.stringContaining("0 compared") });
  });

  it("follows a new name, and refuses one that is in neither file", async () => {
    const records = [PLAIN_DATABASE, PLAIN_CONTENTS];
    const before = put("before.json", baselineText(records));
    const after = put("after.json", baselineText(records.map((record) => ({ ...record, database: "Prod" }))));
    expect((await run("compare", before, after, "--rename", "ERP=Prod")).status).toBe(0);
    expect(await run("compare", before, after, "--rename", "X=Prod")).toMatchObject({ status: 2 });
  });

  it("reads UTF-16, as sqlcmd -u writes it", async () => {
    const text = baselineText([PLAIN_DATABASE, PLAIN_CONTENTS]);
    const utf16 = put("utf16.json", Buffer.from(`\ufeff${text}`, "utf16le"));
    expect((await run("compare", utf16, put("utf8.json", text))).status).toBe(0);
  });

  it("prints JSON for programs", async () => {
    const { out } = await run("compare", BEFORE, AFTER, "--json");
    expect(JSON.parse(out)).toContainEqual({
      database: "ERP",
      kind: "expected",
      text: "owner: CORP\\dba before, sa after",
      items: [{ name: "ERP/setting/owner", detail: "owner: CORP\\dba before, sa after" }],
    });
  });

  it("says which file is no baseline, and which is not there", async () => {
    const other = put("other.json", "{}");
    expect(await run("compare", other, AFTER)).toMatchObject({ status: 1, err: expect.stringContaining("other.json") });
    expect(await run("compare", join(folder, "gone.json"), AFTER)).toMatchObject({
      status: 1,
      err: expect.stringContaining("gone.json"),
    });
  });
});

describe("check", () => {
  it("exits with 1 only where something stands in the way", async () => {
    expect((await run("check", BEFORE, "--engine-version", "2019_std_ha")).status).toBe(0);
    const { status, out } = await run("check", BEFORE, "--engine-version", "2014_web");
    expect(status).toBe(1);
    expect(out).toContain("error: SOURCE_EDITION_FEATURE: Database ERP: it uses Compression");
  });
});

describe("script", () => {
  it("fills in whatever the names hold", async () => {
    const { status, out } = await run(
      "script",
      "backup",
      "--folder",
      "D:\\it's",
      "--database",
      "a'b",
      "--database",
      "c]d",
      "--run",
    );
    expect(status).toBe(0);
    const texts = tokensOf(out).map(({ text }) => text);
    expect(texts).toEqual(expect.arrayContaining(["[a'b];[c]]d]", "D:\\it's"]));
    expect(out).toContain("SET @is_run = 1;");
  });

  it("closes databases with the last log only when they are named", async () => {
    const tail = ["script", "backup", "--folder", "/backup", "--type", "LOG", "--norecovery"];
    const { status, out } = await run(...tail, "--database", "ERP", "--run");
    expect(status).toBe(0);
    for (const line of ["SET @norecovery = 1;", "SET @backup_type = N'LOG';", "SET @backup_databases_list = N'[ERP]';"])
      expect(out).toContain(`${line}\n`);
    expect((await run("script", "backup", "--folder", "/backup")).out).toContain("SET @norecovery = 0;\n");
    for (const mistake of [tail, [...tail, "--database", "ERP", "--copy-only"]])
      expect(await run(...mistake)).toMatchObject({ status: 2, out: "", err: expect.stringContaining("--norecovery") });
  });

  it.each(["baseline", "verify", "logins"])("prints %s", async (name) => {
    expect((await run("script", name)).out).toBe(readFileSync(join(SQL_FOLDER, `${name}.sql`), "utf8").trimEnd());
  });

  it.each(["baseline", "verify"])("%s reads the tables on request", async (name) => {
    expect((await run("script", name, "--checksums", "--database", "ERP")).out).toContain(
      "SET @databases_list = N'[ERP]';\nSET @checksums = 1;\n",
    );
  });

  it("checks unless it is told to run", async () =>
    expect((await run("script", "backup", "--folder", "/backup")).out).toContain("SET @is_run = 0;"));
});

it.each([
  [[]],
  [["compare", "a"]],
  [["script", "drop"]],
  [["script", "backup"]],
  [["script", "backup", "--folder", "x", "--type", "TAIL"]],
  [["script", "backup", "--folder", "x", "--database", "ERP", "--norecovery"]],
  [["script", "backup", "--folder", "x", "--type", "DIFF", "--copy-only"]],
  [["check", "--nonsense"]],
])("%j is a mistake, which the usage answers", async (args) =>
  expect(await run(...args)).toMatchObject({ status: 2, err: expect.stringContaining("Usage:") }),
);
