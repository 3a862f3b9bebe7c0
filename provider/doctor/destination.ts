import type { BucketFacts } from "../aliyun/object-store";
import type { AccountFacts, DatabaseFacts, InstanceFacts } from "../aliyun/rds-api";
import { DAILY_LIMITS } from "../model/daily-limits";
import type { MigrateTask } from "../model/migrate-task";
import { isSameName } from "../model/names";
import { formatBytes } from "../model/quantities";
import { checkBucketOwner, checkImportRole, type ImportRoles } from "../preflight/access";
import { checkBucket, checkRegion } from "../preflight/bucket";
import type { Finding } from "../preflight/finding";
import { checkAccounts, checkInstance, checkStatus } from "../preflight/instance";
import { checkQuota, tasksOfLastDay } from "../preflight/quota";
import { findingLines, line, type ReportLine } from "./report-line";

/** Names that one line holds. */
const MAX_NAMES = 20;

export function instanceLines(facts: InstanceFacts): ReportLine[] {
  const { instanceId, engine, engineVersion, status, lockMode, region } = facts;
  const text = `${instanceId}: ${engine} ${engineVersion} in ${region}, ${status}, lock mode ${lockMode || "none"}`;
  const state = checkStatus(facts);
  const findings = [...checkInstance(facts), ...(state === undefined ? [] : [state])];
  return findingLines("instance", findings, { passed: text, facts: text });
}

export function spaceLine({ instanceId, storageBytes }: InstanceFacts, usedBytes: number | undefined): ReportLine {
  if (storageBytes === undefined || usedBytes === undefined)
    return line("space", "notTried", `because the service does not return the disk of ${instanceId}`);
  const free = Math.max(0, storageBytes - usedBytes);
  return line("space", "ok", `${formatBytes(free)} of ${formatBytes(storageBytes)} free`);
}

export function databasesLine({ maxDatabases }: InstanceFacts, databases: readonly DatabaseFacts[]): ReportLine {
  const names = databases.map(({ name }) => name).sort();
  const shown = [...names.slice(0, MAX_NAMES), ...(names.length > MAX_NAMES ? ["…"] : [])].join(", ");
  const count = `${names.length}${maxDatabases === undefined ? "" : ` of at most ${maxDatabases}`}`;
  return line("databases", "ok", names.length === 0 ? count : `${count}: ${shown}`);
}

export const accountLines = (instanceId: string, accounts: readonly AccountFacts[]): ReportLine[] =>
  findingLines("accounts", checkAccounts(instanceId, accounts), { passed: `${accounts.length} on ${instanceId}` });

export function bucketLines(facts: BucketFacts, instance: InstanceFacts | undefined): ReportLine[] {
  const { name, region, storageClass, serverSideEncryption, ownerId = "unknown", acl = "unknown" } = facts;
  const encryption = serverSideEncryption === undefined ? "not encrypted" : `encrypted with ${serverSideEncryption}`;
  const text = `${name}: ${storageClass} in ${region}, ${encryption}, owner ${ownerId}`;
  return [
    ...findingLines("bucket", checkBucket(facts, instance), { passed: text, facts: text }),
    aclLine(name, acl),
    versioningLine(facts),
  ];
}

function aclLine(name: string, acl: string): ReportLine {
  if (!acl.startsWith("public-")) return line("bucket ACL", "ok", acl);
  return line("bucket ACL", "warning", `${name} is ${acl}: anybody can read the backups in it`, {
    remedy: "Make the bucket private (console, Permission Control, Bucket ACL).",
  });
}

function versioningLine({ name, versioning }: BucketFacts): ReportLine {
  if (versioning === undefined) return line("bucket versioning", "ok", "never switched on");
  return line("bucket versioning", "warning", `the versioning of ${name} is ${versioning}`, {
    details: [
      "x-oss-forbid-overwrite has no effect in such a bucket, so two runs at once may create two tasks for one database.",
      "Deleted and overwritten backups stay as versions and are billed.",
    ],
    remedy: "Use a bucket whose versioning was never switched on, or let only one run at a time migrate a database.",
  });
}

/** The region in use against those of the instance and the bucket, as far as they are known. */
export function regionLines(
  region: string,
  instance: InstanceFacts | undefined,
  bucket: BucketFacts | undefined,
): ReportLine[] {
  const places = [instance && "the instance", bucket && "the bucket"].filter(Boolean).join(" and ");
  return findingLines("regions", checkRegion(region, instance, bucket), {
    passed: `${region} is the region of ${places}`,
  });
}

export const ownerLines = (facts: BucketFacts, { importRole }: ImportRoles): ReportLine[] =>
  findingLines("bucket owner", checkBucketOwner(facts, importRole), {
    passed: `${facts.name} belongs to the account of the role`,
  });

export function roleLines(roles: ImportRoles): ReportLine[] {
  return findingLines("role", checkImportRole(roles), { passed: `${roles.importRole?.arn} trusts RDS` });
}

/** The migrations of the day on an instance, and the database with the most of them. */
export function quotaLines(instance: string, tasks: readonly MigrateTask[], nowMs: number): ReportLine[] {
  const recent = tasksOfLastDay(tasks, nowMs);
  const counts = new Map<string, number>();
  for (const { databaseName } of recent) {
    const name = [...counts.keys()].find((known) => isSameName(known, databaseName)) ?? databaseName;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([, one], [, other]) => other - one);
  const { perDatabase, perInstance } = DAILY_LIMITS;
  const ofOne = most === undefined ? "" : `; ${most[0]}: ${most[1]} of ${perDatabase}`;
  const text = `${recent.length} of ${perInstance} migrations used on ${instance} in the last 24 hours${ofOne}`;
  const input = { instance, tasks, added: 1, nowMs };
  const names = counts.size === 0 ? [""] : [...counts.keys()];
  const findings = names.flatMap((database) => checkQuota({ ...input, database }));
  return findingLines("quota", findings.filter(isFirstOfItsText), { passed: text, facts: text });
}

const isFirstOfItsText = ({ message }: Finding, index: number, all: readonly Finding[]): boolean =>
  all.findIndex((other) => other.message === message) === index;
