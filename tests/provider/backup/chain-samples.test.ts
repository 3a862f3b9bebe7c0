import { readdirSync } from "node:fs";
import { type CandidateFile, planChains } from "../../../provider/backup/chain";
import { describeReason } from "../../../provider/backup/left-out";
import { extendRestore, pointAfter, pointAfterFull } from "../../../provider/backup/restore-path";
import { readSample } from "./recorded-backups";
import { describeSamples, samplePath } from "./samples";

const readFolder = (folder: string): Promise<CandidateFile[]> =>
  Promise.all(
    readdirSync(samplePath(folder))
      .sort()
      .map((file) => readSample(`${folder}/${file}`)),
  );

function memberOf({ file, backup }: CandidateFile) {
  const [set] = backup.sets;
  if (!set) throw new Error(`${file} has no set`);
  return { file, set };
}

function planSteps(files: CandidateFile[]) {
  const { databases, unusable } = planChains(files);
  expect(unusable).toEqual([]);
  expect(databases).toHaveLength(1);
  const [plan] = databases;
  if (!plan?.chain) throw new Error("no chain");
  const short = (file: string) => file.replace(/^test_|_20160629|\.(bak|trn)$/g, "");
  return {
    plan,
    steps: [plan.chain.full, ...plan.chain.increments].map(({ file }) => short(file)),
    leftOut: Object.fromEntries(plan.leftOut.map(({ file, reason }) => [short(file), reason])),
  };
}

describeSamples("the chains of the real backups", () => {
  it("the whole ola-chain: the newest full, the newest differential, and no log that it covers", async () => {
    const { plan, steps, leftOut } = planSteps(await readFolder("ola-chain"));
    expect(steps).toEqual(["FULL_142200", "DIFF_142800"]);
    expect(plan.problems).toEqual([]);
    expect(plan.chain?.reachedLsn).toBe(21000000024100001n);
    expect(plan.chain?.dataAsOf).toBe("2018-07-02T08:17:53");
    expect(plan.chain?.quietUntil).toBe("2018-07-02T08:17:56");
    expect(leftOut.LOG_142900?.kind).toBe("contained");
    expect(leftOut.LOG_143000?.kind).toBe("empty");
  });

  it("the chain of FULL_141300 with all logs continues past the later full", async () => {
    const files = (await readFolder("ola-chain")).filter(({ file }) => /FULL_20160629_141300|LOG/.test(file));
    const { plan, steps } = planSteps(files);
    expect(steps).toEqual([
      "FULL_141300",
      "LOG_141400",
      "LOG_141700",
      "LOG_142000",
      "LOG_142300",
      "LOG_142600",
      "LOG_142900",
    ]);
    expect(plan.problems).toEqual([]);
    expect(plan.chain?.reachedLsn).toBe(21000000024100001n);
  });

  it("FULL_142200 and the logs up to 142400, with DIFF_142800 bridging the missing 142600 and 142700", async () => {
    const all = await readFolder("ola-chain");
    const files = all.filter(({ file }) => /FULL_20160629_142200|LOG_20160629_142[34]|DIFF_20160629_142800/.test(file));
    const { plan, steps, leftOut } = planSteps(files);
    expect(steps).toEqual(["FULL_142200", "DIFF_142800"]);
    expect(plan.problems).toEqual([]);
    expect(leftOut.LOG_142300?.kind).toBe("contained");

    // The differential also applies after the logs were restored.
    const [full, log, differential] = ["FULL_20160629_142200", "LOG_20160629_142300", "DIFF_20160629_142800"].map(
      (name) => {
        const found = files.find(({ file }) => file.includes(name));
        if (!found) throw new Error(`${name} is missing`);
        return memberOf(found);
      },
    );
    const start = full && pointAfterFull(full);
    if (!start || !log || !differential) throw new Error("not read");
    const path = extendRestore(pointAfter(start, log), [differential]);
    expect(path.steps).toEqual([differential]);
    expect(path.reached.lsn).toBe(21000000024100001n);
  });

  it("refuses the same differential on FULL_141300 and names its base", async () => {
    const files = (await readFolder("ola-chain")).filter(({ file }) =>
      /FULL_20160629_141300|DIFF_20160629_142800/.test(file),
    );
    const { steps, leftOut } = planSteps(files);
    expect(steps).toEqual(["FULL_141300"]);
    const reason = leftOut.DIFF_142800;
    if (reason?.kind !== "otherBase") throw new Error("expected another base");
    const base = memberOf(await readSample("ola-chain/test_FULL_20160629_142200.bak")).set;
    expect(reason.baseGuid).toBe(base.BackupSetGUID);
    expect(reason.baseLsn).toBe(base.CheckpointLSN);
    expect(describeReason(reason)).toContain(base.BackupSetGUID ?? "?");
  });

  it("names the base's file when it is among the files", async () => {
    const [older, newer] = await Promise.all(
      ["FULL_20160629_141300", "FULL_20160629_142200"].map((name) => readSample(`ola-chain/test_${name}.bak`)),
    );
    const differential = await readSample("ola-chain/test_DIFF_20160629_142800.bak");
    const start = older && pointAfterFull(memberOf(older));
    if (!start || !newer) throw new Error("not read");
    const path = extendRestore(start, [memberOf(newer), memberOf(differential)]);
    expect(path.leftOut).toMatchObject([{ reason: { kind: "otherBase", baseFile: "test_FULL_20160629_142200.bak" } }]);
  });

  it("without the log 142300 the newer chain ends, and the problem names the missing LSN", async () => {
    const all = await readFolder("ola-chain");
    const files = all.filter(({ file }) => !/DIFF|LOG_20160629_142300|LOG_20160629_142600/.test(file));
    const { plan, steps, leftOut } = planSteps(files);
    expect(steps).toEqual(["FULL_142200"]);
    expect(plan.chain?.gaps).toEqual([
      { missingFrom: 21000000021700001n, nextFile: "test_LOG_20160629_142900.trn", nextFirstLsn: 21000000023900001n },
    ]);
    expect(leftOut.LOG_142900).toEqual({ kind: "gap", missingFrom: 21000000021700001n });
  });

  it.each(["RestoreTimeClean", "restoretimeclean2016"])("%s: the full and its three logs", async (folder) => {
    const { plan, steps } = planSteps(await readFolder(folder));
    expect(steps).toEqual(["RestoreTimeClean", "RestoreTimeClean_1", "RestoreTimeClean_2", "RestoreTimeClean_3"]);
    expect(plan.problems).toEqual([]);
    expect(plan.leftOut).toEqual([]);
  });

  it("a database and its copy on another server are distinguished, although they share the family", async () => {
    const files = [...(await readFolder("RestoreTimeClean")), ...(await readFolder("restoretimeclean2016"))];
    expect(new Set(files.map(({ backup }) => backup.sets[0]?.FamilyGUID)).size).toBe(1);
    const [plan] = planChains(files).databases;
    expect(plan?.chain).toBeUndefined();
    expect(plan?.problems.map(({ code }) => code)).toEqual(["CHAIN_FAMILIES"]);
    const [chosen] = planChains(files, { origins: { RestoreTimeClean: "SQL2008" } }).databases;
    expect(chosen?.chain?.full.set.ServerName).toBe("SQL2008");
    expect(chosen?.chain?.increments).toHaveLength(3);
    expect(chosen?.leftOut.map(({ reason }) => reason.kind)).toEqual(Array(4).fill("otherSource"));
  });

  it("DoubleDiffing: only the newer of two differentials", async () => {
    const { plan, steps, leftOut } = planSteps(await readFolder("DoubleDiffing"));
    expect(steps).toEqual(["difftest-full", "difftest-diff2"]);
    expect(plan.problems).toEqual([]);
    expect(leftOut["difftest-diff1"]?.kind).toBe("contained");
  });

  it("stripes form no chain, and each reason has the stripe's number", async () => {
    const { databases } = planChains(await readFolder("stripes"));
    expect(databases[0]?.chain).toBeUndefined();
    expect(databases[0]?.problems.map(({ code }) => code)).toEqual(["CHAIN_NO_FULL"]);
    expect(databases[0]?.leftOut.map(({ reason }) => describeReason(reason))).toEqual([
      expect.stringContaining("stripe 1 of 2"),
      expect.stringContaining("stripe 2 of 2"),
    ]);
  });
});
