import { type CandidateFile, type ChainPlan, type DatabasePlan, planChains } from "../backup/chain";
import { describeReason } from "../backup/left-out";
import { majorOf, productName, type RdsEngine, rdsEngines } from "../model/engine-version";
import { nameKey } from "../model/names";
import type { NewDatabase } from "../model/new-database";
import { neededBytes, sizesOf } from "../preflight/space";
import type { Baseline, DatabaseBaseline } from "../source/baseline";
import { type BaselineDestination, type DetailedFinding, detailedFindings } from "../source/baseline-findings";
import type { Notice } from "./migration-report";
import { type MonthlyCosts, monthlyCosts, type Price } from "./prices";

const ASSESSMENT_VERSION = 1;

/** `blocked`: a migration would fail; `attention`: it works, and something is lost or to be done; `ready`: nothing was found. */
export type Readiness = "ready" | "attention" | "blocked";

export interface AssessedDatabase extends NewDatabase {
  readiness: Readiness;
  /** The full backup that a migration would take. */
  backup?: string;
  /** What a migration fails on. */
  blocks: readonly Notice[];
  /** What is lost, left behind or to be done by hand. */
  attention: readonly Notice[];
  /** The oldest release of RDS that takes the database, in its smallest edition. */
  smallest?: RdsEngine;
}

/** What a baseline, and the headers of backups, show before anything exists. */
export interface Assessment {
  format: "sqlserver-migration-assessment";
  version: number;
  source: { server?: string; product?: string; productVersion?: string; edition?: string; takenAt?: string };
  /** The engine version that the findings hold for: the given one, or the smallest that takes all databases. */
  engineVersion?: string;
  /** For each release that takes all databases its smallest edition, the oldest release first. */
  sufficient: readonly RdsEngine[];
  totals: Record<"databases" | Readiness, number> &
    Omit<NewDatabase, "database"> & {
      /** Data, log and backup files, with the margin of the preview. */
      neededBytes: number;
    };
  /** What the sufficient destinations cost in a month; absent without prices. */
  costs?: MonthlyCosts;
  databases: readonly AssessedDatabase[];
  /** What the source server has and no backup contains. */
  server: readonly Notice[];
  /** Backup files that no database of the baseline takes, with the reason. */
  leftOut: readonly { file: string; reason: string }[];
}

export interface AssessmentInput {
  baseline: Baseline;
  /** Of the destination, as RDS spells it. @default the smallest that takes all databases */
  engineVersion?: string;
  /** The backups that were read; undefined where none are to be assessed. */
  backups?: readonly CandidateFile[];
  /** Of the user's file. */
  prices?: readonly Price[];
}

/** Returns the assessment of a source. It applies the rules of the preview. */
export function assess({ baseline, engineVersion, backups, prices }: AssessmentInput): Assessment {
  const engines = rdsEngines().map((engine) => ({ engine, refuses: refusedBy(baseline, engine) }));
  const sufficient = smallestOfEachRelease(
    engines.filter(({ refuses }) => refuses.size === 0).map((each) => each.engine),
  );
  const assumed = engineVersion ?? sufficient[0]?.engineVersion;
  const findings = detailedFindings(baseline, { engineVersion: assumed });
  const plan = backups && planChains(backups);
  const byName = new Map<string | undefined, DetailedFinding[]>();
  for (const finding of findings) byName.set(finding.database, [...(byName.get(finding.database) ?? []), finding]);
  const databases = baseline.databases
    .map((database) => ({
      ...assessDatabase(database, byName.get(database.name) ?? [], plan),
      smallest: engines.find(({ refuses }) => !refuses.has(database.name))?.engine,
    }))
    .sort((one, other) => (one.database < other.database ? -1 : 1));
  const totals = totalsOf(databases);
  return {
    ...{ format: "sqlserver-migration-assessment", version: ASSESSMENT_VERSION, source: sourceOf(baseline) },
    ...{ engineVersion: assumed, sufficient, totals, databases },
    costs: prices && monthlyCosts(prices, sufficient, totals.neededBytes),
    server: (byName.get(undefined) ?? []).map(partsOf),
    leftOut: plan === undefined ? [] : filesLeftOut(plan, baseline),
  };
}

/** The databases that an engine refuses because of its version or edition. */
function refusedBy(baseline: Baseline, { engineVersion }: RdsEngine): Set<string> {
  const errors = (destination: BaselineDestination): DetailedFinding[] =>
    detailedFindings(baseline, destination).filter(({ severity }) => severity === "error");
  const anywhere = new Set(errors({}).map(({ message }) => message));
  return new Set(
    errors({ engineVersion }).flatMap(({ message, database }) => (anywhere.has(message) ? [] : (database ?? []))),
  );
}

const smallestOfEachRelease = (engines: readonly RdsEngine[]): RdsEngine[] =>
  engines.filter((engine, index) => engines.findIndex(({ product }) => product === engine.product) === index);

function assessDatabase(
  database: DatabaseBaseline,
  findings: readonly DetailedFinding[],
  plan: ChainPlan | undefined,
): Omit<AssessedDatabase, "smallest"> {
  const backups = plan?.databases.find(({ database: name }) => nameKey(name) === nameKey(database.name));
  const full = backups?.chain?.full;
  const messages = (severity: DetailedFinding["severity"]) =>
    findings.filter((each) => each.severity === severity).map(partsOf);
  const ofBackups = plan === undefined ? [] : backupNotices(backups);
  const isMissing = plan !== undefined && full === undefined;
  const blocks = [...messages("error"), ...(isMissing && backups !== undefined ? ofBackups : [])];
  const attention = [...messages("warning"), ...(isMissing && backups !== undefined ? [] : ofBackups)];
  return {
    database: database.name,
    ...(full === undefined ? { ...sizesOfFiles(database), backupBytes: 0 } : sizesOf(full.backup)),
    readiness: blocks.length > 0 ? "blocked" : attention.length > 0 ? "attention" : "ready",
    ...{ backup: full?.file, blocks, attention },
  };
}

function backupNotices(plan: DatabasePlan | undefined): Notice[] {
  if (plan === undefined) return [{ what: "none of the backups is of this database", remedy: "Back it up." }];
  return plan.problems.map(({ code, message }) => {
    const [what = message, ...remedy] = message.replace(/^\[\w+\] /, "").split("\n");
    return { code, what, remedy: remedy.join("\n") };
  });
}

/** RESTORE creates every file at its full size. */
function sizesOfFiles({ files }: DatabaseBaseline): { dataBytes: number; logBytes: number } {
  const sum = (isLog: boolean): number =>
    files
      .filter(({ type }) => (type === "LOG") === isLog)
      .reduce((total, { sizeBytes }) => total + (sizeBytes ?? 0), 0);
  return { dataBytes: sum(false), logBytes: sum(true) };
}

const partsOf = ({ code, what, remedy }: DetailedFinding): Notice => ({ code, what, remedy });

const sourceOf = ({ server }: Baseline): Assessment["source"] => {
  const major = majorOf(server.productVersion);
  return {
    server: server.serverName ?? undefined,
    product: major === undefined ? undefined : productName(major),
    productVersion: server.productVersion ?? undefined,
    edition: server.edition ?? undefined,
    takenAt: server.takenAt ?? undefined,
  };
};

function totalsOf(databases: readonly AssessedDatabase[]): Assessment["totals"] {
  const sum = (name: "dataBytes" | "logBytes" | "backupBytes"): number =>
    databases.reduce((total, each) => total + each[name], 0);
  const count = (readiness: Readiness): number => databases.filter((each) => each.readiness === readiness).length;
  return {
    ...{ databases: databases.length, ready: count("ready"), attention: count("attention"), blocked: count("blocked") },
    ...{ dataBytes: sum("dataBytes"), logBytes: sum("logBytes"), backupBytes: sum("backupBytes") },
    neededBytes: Math.ceil(neededBytes(databases)),
  };
}

function filesLeftOut({ databases, unusable }: ChainPlan, baseline: Baseline): Assessment["leftOut"] {
  const known = new Set(baseline.databases.map(({ name }) => nameKey(name)));
  return [
    ...unusable.map(({ file, reason }) => ({ file, reason: describeReason(reason) })),
    ...databases.flatMap(({ database, leftOut, chain }) => [
      ...leftOut.map(({ file, reason }) => ({ file, reason: describeReason(reason) })),
      ...(known.has(nameKey(database)) || chain === undefined
        ? []
        : [{ file: chain.full.file, reason: `is of ${database}, which the baseline does not have` }]),
    ]),
  ].sort((one, other) => (one.file < other.file ? -1 : 1));
}
