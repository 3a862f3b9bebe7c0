import { type CandidateFile, type DatabasePlan, planChains } from "../../../provider/backup/chain";
import { describeReason } from "../../../provider/backup/left-out";
import { extendRestore, pointAfter, pointAfterFull, type RestorePoint } from "../../../provider/backup/restore-path";
import { readWritten, recordedHistory } from "./recorded-backups";

function planOne(files: CandidateFile[]): DatabasePlan {
  const { databases } = planChains(files);
  const [only] = databases;
  if (!only || databases.length > 1) throw new Error(`expected one database, found ${databases.length}`);
  return only;
}

const steps = (plan: DatabasePlan): string[] =>
  plan.chain ? [plan.chain.full.file, ...plan.chain.increments.map(({ file }) => file)] : [];
const reasons = (plan: DatabasePlan): Record<string, string> =>
  Object.fromEntries(plan.leftOut.map(({ file, reason }) => [file, reason.kind]));

// Histories from dbatools' tests (tests/ObjectDefinitions/BackupRestore, MIT), shortened. The expected chains differ
// where dbatools' rule is stricter.
describe("a log chain as dbatools recorded it", () => {
  it("starts at the log that covers the end of the full, though it began before the full (broken_chain)", async () => {
    const plan = planOne(
      await recordedHistory([
        ["full", "full", "17126658000000314200037", "17126658000000314300037", "17126658000000314200037"],
        ["log1", "log", "17126658000000313600037", "17126658000000314600037", "17126658000000314600037"],
        ["log2", "log", "17126658000000314600037", "17126658000000315600037", "17126658000000314600037"],
        ["log3", "log", "17126658000000315600037", "17126658000000315600037", "17126657000008405600001"],
      ]),
    );
    expect(steps(plan)).toEqual(["full", "log1", "log2"]);
    expect(reasons(plan)).toEqual({ log3: "empty" });
  });

  it("leaves out logs that end at or before the full's start, and takes the one between FirstLSN and LastLSN (TLogBWFirstLastLsn)", async () => {
    const plan = planOne(
      await recordedHistory([
        ["full", "full", "14975000000265600001", "14975000000274400001", "14975000000265600001"],
        ["before1", "log", "14975000000246400001", "14975000000252800001", "14975000000246400001"],
        ["before2", "log", "14975000000252800001", "14975000000259200001", "14975000000252800001"],
        ["before3", "log", "14975000000259200001", "14975000000265600001", "14975000000259200001"],
        ["across", "log", "14975000000265600001", "14975000000281600001", "14975000000265600001"],
        ["after", "log", "14975000000281600001", "14975000000288000001", "14975000000281600001"],
      ]),
    );
    expect(steps(plan)).toEqual(["full", "across", "after"]);
    expect(reasons(plan)).toEqual({ before1: "contained", before2: "contained", before3: "contained" });
  });

  it("skips empty logs, several of which may share one LSN (EmptyTLogData)", async () => {
    const plan = planOne(
      await recordedHistory([
        ["full1", "full", "14975000000268200036", "14975000000269800001", "14975000000268200036"],
        ["full2", "full", "14975000000270800036", "14975000000272400001", "14975000000270800036"],
        ["log1", "log", "14975000000268000001", "14975000000270600001", "14975000000268200036"],
        ["log2", "log", "14975000000270600001", "14975000000273200001", "14975000000270800036"],
        ["empty1", "log", "14975000000268000001", "14975000000268000001", "14975000000265600036"],
        ["empty2", "log", "14975000000268000001", "14975000000268000001", "14975000000265600036"],
      ]),
    );
    expect(steps(plan)).toEqual(["full2", "log2"]);
    expect(reasons(plan)).toEqual({ full1: "otherFull", log1: "contained", empty1: "empty", empty2: "empty" });
  });

  it("takes a log that overlaps the differential before it (DiffRestore)", async () => {
    const base = "34000000006900179";
    const plan = planOne(
      await recordedHistory([
        ["full", "full", base, "34000000014400001", base],
        ["diff", "differential", "34000000021900001", "34000000022200001", "34000000021900001", base],
        ["1", "log", base, "34000000016800001", base],
        ["2", "log", "34000000016800001", "34000000019700001", "34000000017000002"],
        ["3", "log", "34000000019700001", "34000000021300001", "34000000019900002"],
        ["21", "log", "34000000021300001", "34000000023200001", "34000000021900001"],
        ["22", "log", "34000000023200001", "34000000024800001", "34000000023400002"],
      ]),
    );
    expect(steps(plan)).toEqual(["full", "diff", "21", "22"]);
    expect(reasons(plan)).toEqual({ "1": "contained", "2": "contained", "3": "contained" });
  });

  it("finds a differential's base by the checkpoint, which need not be the full's FirstLSN, and takes the newest (DiffIssues, chkptLSN-ne-firstLSN)", async () => {
    const base = "17126658000000314600038";
    const plan = planOne(
      await recordedHistory([
        [
          "diff1",
          "differential",
          "17126681000010739200127",
          "17126681000011151300001",
          "17126681000010739200127",
          base,
        ],
        [
          "diff2",
          "differential",
          "17126786000011858200224",
          "17126787000007305800001",
          "17126786000011858200224",
          base,
        ],
        ["full", "full", "17126658000000314600037", "17126658000004509500001", base, "17126050000002195100134"],
      ]),
    );
    expect(steps(plan)).toEqual(["full", "diff2"]);
    expect(reasons(plan)).toEqual({ diff1: "contained" });
  });

  it("distinguishes a database whose name has a comma and a trailing space (RestoreCommaIssues)", async () => {
    const rows = [["full", "full", "34000000006900179", "34000000014400001", "34000000006900179"]] as const;
    const comma = await recordedHistory(rows, "Test, command and conquer ");
    const other = (await recordedHistory(rows, "Test")).map((each) => ({ ...each, file: "other" }));
    const { databases } = planChains([...comma, ...other]);
    expect(databases.map(({ database }) => database)).toEqual(["Test", "Test, command and conquer "]);
  });
});

describe("a chain with a gap", () => {
  const FULL = ["full", "full", "34000000006900179", "34000000014400001", "34000000006900179"] as const;
  const LOG3 = ["log3", "log", "34000000019700001", "34000000021300001", "34000000019900002"] as const;
  const LOG5 = ["log5", "log", "34000000023200001", "34000000024800001", "34000000023400002"] as const;

  it("ends before it, with one problem for each gap that names the missing LSN", async () => {
    const plan = planOne(await recordedHistory([FULL, LOG3, LOG5]));
    expect(steps(plan)).toEqual(["full"]);
    expect(plan.chain?.gaps).toEqual([
      { missingFrom: 34000000014400001n, nextFile: "log3", nextFirstLsn: 34000000019700001n },
      { missingFrom: 34000000021300001n, nextFile: "log5", nextFirstLsn: 34000000023200001n },
    ]);
    expect(plan.problems.map(({ code }) => code)).toEqual(["CHAIN_GAP", "CHAIN_GAP"]);
    expect(plan.problems[0]?.message).toContain("34000000014400001");
    expect(reasons(plan)).toEqual({ log3: "gap", log5: "gap" });
  });

  it("is bridged by a later differential of the same full backup", async () => {
    const diff = [
      "diff",
      "differential",
      "34000000023100001",
      "34000000023300001",
      "34000000023100001",
      FULL[4],
    ] as const;
    const plan = planOne(await recordedHistory([FULL, LOG3, LOG5, diff]));
    expect(steps(plan)).toEqual(["full", "diff", "log5"]);
    expect(plan.problems).toEqual([]);
  });

  it("prefers an older full backup whose chain reaches a newer LSN", async () => {
    const newer = ["newer", "full", "34000000014900001", "34000000015000001", "34000000014900001"] as const;
    const across = ["across", "log", "34000000014000001", "34000000014800001", "34000000014000001"] as const;
    const rest = ["rest", "log", "34000000014800001", "34000000021300001", "34000000014800001"] as const;
    expect(steps(planOne(await recordedHistory([FULL, newer, across, rest])))).toEqual(["newer", "rest"]);
    const late = ["late", "log", "34000000014800001", "34000000014850001", "34000000014800001"] as const;
    expect(steps(planOne(await recordedHistory([FULL, newer, across, late])))).toEqual(["newer"]);
  });
});

describe("overlaps", () => {
  it("are allowed: a copy-only log that covers two others replaces them", async () => {
    const plan = planOne(
      await recordedHistory([
        ["full", "full", "100000000000100001", "100000000000200001", "100000000000100001"],
        ["short1", "log", "100000000000150001", "100000000000300001", "100000000000150001"],
        ["short2", "log", "100000000000300001", "100000000000400001", "100000000000300001"],
        ["wide", "log", "100000000000150001", "100000000000400001", "100000000000150001"],
        ["next", "log", "100000000000350001", "100000000000500001", "100000000000350001"],
      ]),
    );
    expect(steps(plan)).toEqual(["full", "wide", "next"]);
    expect(reasons(plan)).toEqual({ short1: "contained", short2: "contained" });
  });
});

describe("recovery forks", () => {
  const OLD_FORK = "11111111-1111-4111-8111-111111111111";
  const NEW_FORK = "22222222-2222-4222-8222-222222222222";
  const full = { firstLsn: 100000000000100001n, lastLsn: 100000000000200001n };
  const forks = (id: string, end: bigint) => ({ RecoveryForkID: id, EndLSN: end });

  it("a log of the old fork does not apply after a full backup of the new one", async () => {
    const files = [
      await readWritten("full", { databaseName: "d", type: "full", ...full, forks: [forks(NEW_FORK, full.lastLsn)] }),
      await readWritten("old", {
        databaseName: "d",
        type: "log",
        firstLsn: 100000000000150001n,
        lastLsn: 100000000000900001n,
        forks: [forks(OLD_FORK, 100000000000900001n)],
      }),
    ];
    const plan = planOne(files);
    expect(steps(plan)).toEqual(["full"]);
    expect(reasons(plan)).toEqual({ old: "otherFork" });
  });

  it.each([
    ["follows when the source left the old fork behind the restored point", 100000000000250001n, ["full", "new"]],
    ["is refused when the source left it before", 100000000000190001n, ["full"]],
  ])("a log that starts a new fork %s", async (_name, leftAt, expected) => {
    const files = [
      await readWritten("full", { databaseName: "d", type: "full", ...full, forks: [forks(OLD_FORK, full.lastLsn)] }),
      await readWritten("new", {
        databaseName: "d",
        type: "log",
        firstLsn: 100000000000150001n,
        lastLsn: 100000000000900001n,
        forks: [forks(NEW_FORK, 100000000000900001n), forks(OLD_FORK, leftAt)],
      }),
    ];
    expect(steps(planOne(files))).toEqual(expected);
  });
});

describe("files of one name from different databases", () => {
  it("are a problem that lists them, never merged or ranked, until one is chosen", async () => {
    const ours = await readWritten("ours.bak", { databaseName: "ERP", type: "full", serverName: "SRV1" });
    const theirs = await readWritten("theirs.bak", { databaseName: "erp", type: "full", serverName: "SRV2" });
    const [plan] = planChains([ours, theirs]).databases;
    expect(plan?.chain).toBeUndefined();
    expect(plan?.problems.map(({ code }) => code)).toEqual(["CHAIN_FAMILIES"]);
    for (const part of ["ours.bak", "theirs.bak", "SRV1", "SRV2"]) expect(plan?.problems[0]?.message).toContain(part);
    const family = theirs.backup.sets[0]?.FamilyGUID ?? "";
    expect(planChains([ours, theirs], { origins: { ERP: family } }).databases[0]?.chain?.full.file).toBe("theirs.bak");
  });

  it("replicas of an availability group share the family and are one database", async () => {
    const familyGuid = "33333333-3333-4333-8333-333333333333";
    const full = await readWritten("full", { databaseName: "ERP", type: "full", serverName: "NODE1", familyGuid });
    const log = await readWritten("log", {
      databaseName: "ERP",
      type: "log",
      serverName: "NODE2",
      familyGuid,
      lastLsn: 34000000200000001n,
    });
    expect(steps(planOne([full, log]))).toEqual(["full", "log"]);
  });
});

describe("files that cannot be part of a chain", () => {
  it("are each left out with their reason", async () => {
    const spec = { databaseName: "ERP", serverName: "SRV" } as const;
    const full = await readWritten("full.bak", { ...spec, type: "full" });
    const copy = { ...full, file: "copy.bak" };
    const stripe = await readWritten("stripe.bak", { ...spec, type: "full", family: { count: 2, sequence: 2 } });
    const cut = await readWritten("cut.bak", { ...spec, type: "full" });
    const unsound = {
      ...cut.backup,
      problems: [{ code: "BACKUP_TRUNCATED" as const, message: "[backup] cut.bak is cut off." }],
    };
    const plan = planOne([full, copy, stripe, { file: "cut.bak", backup: unsound }]);
    expect(steps(plan)).toEqual(["full.bak"]);
    expect(reasons(plan)).toEqual({ "copy.bak": "duplicate", "stripe.bak": "stripe", "cut.bak": "unsound" });
    for (const { reason } of plan.leftOut) expect(describeReason(reason)).toMatch(/^(is|holds|cannot|does|belongs) /);
  });

  it("a database without a full backup has no chain", async () => {
    const log = await readWritten("log.trn", { databaseName: "ERP", type: "log" });
    expect(planOne([log])).toMatchObject({ chain: undefined, problems: [{ code: "CHAIN_NO_FULL" }] });
  });

  it("a file without a database name is listed as unusable", () => {
    const backup = { container: null, sizeBytes: 3, encrypted: null, media: null, sets: [], problems: [] };
    expect(planChains([{ file: "x", backup }])).toMatchObject({ databases: [], unusable: [{ file: "x" }] });
  });
});

describe("increments of a database that is restored already", () => {
  it("continue from its restore point", async () => {
    const [full, log1, log2] = await recordedHistory([
      ["full", "full", "100000000000100001", "100000000000200001", "100000000000100001"],
      ["log1", "log", "100000000000150001", "100000000000300001", "100000000000150001"],
      ["log2", "log", "100000000000300001", "100000000000400001", "100000000000300001"],
    ]);
    const members = [full, log1, log2].map((each) => {
      const set = each?.backup.sets[0];
      if (!each || !set) throw new Error("not read");
      return { file: each.file, set };
    });
    const [first, second, third] = members;
    if (!first || !second || !third) throw new Error("not read");
    const start = pointAfterFull(first) as RestorePoint;
    const path = extendRestore(pointAfter(start, second), [second, third]);
    expect(path.steps.map(({ file }) => file)).toEqual(["log2"]);
    expect(path.leftOut.map(({ file, reason }) => [file, reason.kind])).toEqual([["log1", "contained"]]);
  });
});
