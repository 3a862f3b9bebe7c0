import { entry } from "./catalogue-entry";
import { namesByText } from "./names-by-text";
import { PAGES } from "./vendor-pages";

/** A database of an instance about which something was found before anything was sent; without a name: the instance as a whole. */
export interface Refused {
  database?: string;
  reasons: string[];
}

const codeOf = (reason: string): string => /^([A-Z][A-Z0-9_]+):/.exec(reason)?.[1] ?? reason;

/** `crm, erp (INSTANCE_NOT_FOUND); hr (BACKUP_TRUNCATED)`: databases with the same faults together. */
function listed(refused: readonly Refused[]): string {
  const said = refused.map(({ database = "the instance", reasons }) => ({
    name: database,
    text: [...new Set(reasons.map(codeOf))].join(", "),
  }));
  return namesByText(said)
    .map(([codes, databases]) => `${databases} (${codes})`)
    .join("; ");
}

/** Faults of an instance's migration as a whole: its set of databases, and how they ended. */
export const instanceErrors = {
  INSTANCE_FINDINGS: entry<{ refused: Refused[]; of: number }>({
    message: (e) =>
      `${e.refused.length} of ${e.of} databases cannot be migrated as they are: ${listed(e.refused)}. Nothing was sent. Each is explained under its own row${
        e.refused.some(({ database }) => database === undefined)
          ? `; about the instance: ${e.refused.flatMap(({ database, reasons }) => (database === undefined ? reasons : [])).join(" ")}`
          : ""
      }.`,
    remedy: 'Correct them or leave them out; with onFinding: "isolate" an update migrates the others and then fails.',
    retry: "afterFix",
    source: "this project",
  }),
  INSTANCE_ISOLATED: entry<{ refused: Refused[]; of: number }>({
    message: (e) =>
      `${e.refused.length} of ${e.of} databases cannot be migrated as they are: ${listed(e.refused)}. The update migrates the others and then fails.`,
    remedy: "Each is explained under its own row.",
    retry: "afterFix",
    source: "this project",
  }),
  /** The table of all databases stands between the two. */
  INSTANCE_INCOMPLETE: entry<{ instance: string; reached: number; of: number; online: boolean; failedSince: boolean }>({
    message: (e) => `${e.reached} of ${e.of} databases are ${e.online ? "online on" : "submitted to"} ${e.instance}.`,
    remedy: (e) =>
      e.failedSince
        ? "Correct what is named for each, then run `pulumi up --refresh`."
        : "Correct what is named for each, then run `pulumi up` again: it continues from here.",
    retry: "afterFix",
    source: "this project",
  }),
  BACKUPS_FOLDER_MISSING: entry<{ folder: string }>({
    message: (e) => `[backups] There is no folder ${e.folder}.`,
    remedy:
      "Correct the path (it is relative to the folder of Pulumi.yaml), or commit a manifest (npx bakinfo --manifest) for machines without the files. Without them every migration would be taken out of the stack.",
    retry: "never",
    source: "this project",
  }),
  BACKUPS_NOT_A_FOLDER: entry<{ folder: string }>({
    message: (e) => `[backups] ${e.folder} is a file.`,
    remedy: "Give a folder, oss://bucket/folder, a manifest (*.json), or a list of files: [path, …].",
    retry: "never",
    source: "this project",
  }),
  BACKUPS_FOLDER_EMPTY: entry<{ folder: string }>({
    script: "There is no backup file on OSS Bucket [xxxxxx] under [xxxxxxxxx] folder",
    message: (e) => `[backups] There is no full backup of a database in ${e.folder}.`,
    remedy:
      "Correct the place, or put the backups there. An empty set is never taken for an answer: every migration would be taken out of the stack.",
    retry: "never",
    source: "this project",
    link: PAGES.instanceMigration,
  }),
  BACKUPS_LIST_EMPTY: entry({
    message: () => "[backups] The list of backups is empty.",
    remedy: "Name the backups, or give a folder or a manifest.",
    retry: "never",
    source: "this project",
  }),
  BACKUPS_UNREADABLE: entry<{ files: string[] }>({
    message: (e) => `[backups] What cannot be read cannot be told from what is not there: ${e.files.join(", ")}.`,
    remedy: "Make it readable for the one who runs pulumi, or name the backups one by one with their databases.",
    retry: "afterFix",
    source: "this project",
  }),
  MANIFEST_MISSING: entry<{ file: string }>({
    message: (e) => `[backups] There is no manifest ${e.file}.`,
    remedy:
      "Correct the path (it is relative to the folder of Pulumi.yaml), or make one: npx bakinfo FOLDER --manifest FILE.",
    retry: "never",
    source: "this project",
  }),
  MANIFEST_EMPTY: entry<{ file: string }>({
    message: (e) => `[backups] The manifest ${e.file} names no database.`,
    remedy: "Make it anew: npx bakinfo FOLDER --manifest FILE.",
    retry: "never",
    source: "this project",
  }),
  DATABASES_NOT_FOUND: entry<{ asked: string[]; found: string[] }>({
    message: (e) =>
      `[databases] There is no full backup of ${e.asked.join(", ")}; there are backups of ${e.found.join(", ") || "no database"}.`,
    remedy: "Correct the names in databases and overrides, or add the backups.",
    retry: "never",
    source: "this project",
  }),
  DATABASES_NONE_LEFT: entry<{ found: string[] }>({
    message: (e) => `[databases] The filter leaves none of ${e.found.join(", ")}.`,
    remedy: "Widen include or exclude less.",
    retry: "never",
    source: "this project",
  }),
};
