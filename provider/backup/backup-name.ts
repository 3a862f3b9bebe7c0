import type { BackupProblem, BackupSet, BackupType } from "./backup-file";
import { problem } from "./backup-problem";

/** Naming conventions that a file name can follow. */
export const NAMING_CONVENTIONS = ["vendor", "olaHallengren", "maintenancePlan", "dbatools", "none"] as const;
export type NamingConvention = (typeof NAMING_CONVENTIONS)[number];

/** Facts in a file name; null where the name contains none. The header decides; the name is only compared with it. */
export interface BackupName {
  convention: NamingConvention;
  /** The database, or `server_database` where the convention puts the server first. */
  subject: string;
  type: BackupType | null;
  isCopyOnly: boolean;
  /** Start of the backup run, `YYYY-MM-DDTHH:mm:ss`, local time of the server. */
  time: string | null;
  /** Number of the stripe in a striped backup. */
  stripe: number | null;
}

const TYPE_WORDS: Readonly<Record<string, BackupType>> = { FULL: 1, LOG: 2, DIFF: 5 };
const TYPE_OF_EXTENSION: Readonly<Record<string, BackupType>> = { trn: 2, dif: 5, diff: 5 };

interface ConventionPattern {
  convention: NamingConvention;
  /** Named groups: subject, type, copy, digits, stripe. */
  pattern: RegExp;
}

/**
 * - vendor: `DatabaseName_BackupType_yyyyMMddHHmmss.bak` [ApsaraDB RDS, instance-level migration]
 * - Ola Hallengren: `Server$Instance_Database_TYPE[_PARTIAL][_COPY_ONLY]_yyyyMMdd_HHmmss[_n]` [DatabaseBackup.sql, @FileName]
 * - maintenance plans of Management Studio: `Database_backup_yyyy_MM_dd_HHmmss_fffffff`, older `Database_backup_yyyyMMddHHmm`
 * - dbatools: `Database_yyyyMMddHHmm[-n-of-m]` [Backup-DbaDatabase]
 */
const CONVENTIONS: readonly ConventionPattern[] = [
  { convention: "vendor", pattern: /^(?<subject>.+)_(?<type>FULL|DIFF|LOG)_(?<digits>\d{14})$/i },
  {
    convention: "olaHallengren",
    pattern:
      /^(?<subject>.+?)_(?<type>FULL|DIFF|LOG)(?:_PARTIAL)?(?<copy>_COPY_ONLY)?_(?<digits>\d{8}_\d{6})(?:_(?<stripe>\d{1,2}))?$/i,
  },
  {
    convention: "maintenancePlan",
    pattern: /^(?<subject>.+)_backup_(?<digits>\d{4}_\d\d_\d\d_\d{6}|\d{12})(?:_\d{1,7})?$/i,
  },
  { convention: "dbatools", pattern: /^(?<subject>.+)_(?<digits>\d{12})(?:-(?<stripe>\d+)-of-\d+)?$/i },
];

/** Parses a file name, path or object key; only the last segment counts. */
export function parseBackupName(path: string): BackupName {
  const file = path.split(/[\\/]/).at(-1) ?? path;
  const extension = /\.([A-Za-z]{3,4})$/.exec(file)?.[1]?.toLowerCase() ?? "";
  const stem = extension ? file.slice(0, -extension.length - 1) : file;
  const typeOfExtension = TYPE_OF_EXTENSION[extension] ?? null;
  for (const { convention, pattern } of CONVENTIONS) {
    const groups = pattern.exec(stem)?.groups;
    const time = groups && timeFrom(groups.digits ?? "");
    if (!groups || time === undefined) continue;
    return {
      convention,
      subject: groups.subject ?? stem,
      type: TYPE_WORDS[groups.type?.toUpperCase() ?? ""] ?? typeOfExtension,
      isCopyOnly: groups.copy !== undefined,
      time,
      stripe: groups.stripe === undefined ? null : Number(groups.stripe),
    };
  }
  return { convention: "none", subject: stem, type: typeOfExtension, isCopyOnly: false, time: null, stripe: null };
}

/** `yyyyMMddHHmm[ss]` with or without separators; undefined when the digits are not a valid time. */
function timeFrom(text: string): string | undefined {
  const digits = text.replaceAll("_", "").padEnd(14, "0");
  const time = digits.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, "$1-$2-$3T$4:$5:$6");
  const parsed = Date.parse(`${time}Z`);
  return Number.isNaN(parsed) || !new Date(parsed).toISOString().startsWith(time) ? undefined : time;
}

/** A run over many databases takes hours; a difference of more than a day means that name and contents do not match. */
const MAX_TIME_DIFFERENCE_MS = 24 * 60 * 60 * 1000;
const TYPE_NAMES: Readonly<Record<number, string>> = { 1: "full", 2: "log", 5: "differential" };

/** One warning with all contradictions between a file's name and its header. The header is used. */
export function compareBackupName(path: string, set: BackupSet): BackupProblem | undefined {
  const name = parseBackupName(path);
  const differences = [
    subjectDiffers(name, set) && `database ${name.subject} against ${set.DatabaseName}`,
    name.type !== null &&
      set.BackupType !== null &&
      name.type !== set.BackupType &&
      `${TYPE_NAMES[name.type]} against ${set.BackupTypeDescription?.toLowerCase()}`,
    name.isCopyOnly && set.IsCopyOnly === false && "copy-only against not copy-only",
    timeDiffers(name, set) && `${name.time} against ${set.BackupStartDate}`,
  ].filter((difference) => difference !== false);
  return differences.length > 0 ? problem("BACKUP_NAME_DIFFERS", { file: path, differences }) : undefined;
}

/** Only a name that follows a convention contains a database name; `final.bak` does not. */
function subjectDiffers({ convention, subject }: BackupName, { DatabaseName }: BackupSet): boolean {
  if (convention === "none" || DatabaseName === null) return false;
  const comparable = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "_");
  const inHeader = comparable(DatabaseName);
  const inName = comparable(subject);
  return inName !== inHeader && !inName.endsWith(`_${inHeader}`);
}

function timeDiffers({ time }: BackupName, { BackupStartDate }: BackupSet): boolean {
  if (time === null || BackupStartDate === null) return false;
  return Math.abs(Date.parse(`${time}Z`) - Date.parse(`${BackupStartDate}Z`)) > MAX_TIME_DIFFERENCE_MS;
}
