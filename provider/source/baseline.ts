import { z } from "zod";
import { migrationError } from "../errors/migration-error";
import { type BaselineRecord, isRecordKind, type RecordKind, recordSchemas } from "./baseline-records";
import { BASELINE_SCRIPTS, type BaselineScript } from "./fact-group";

/** Version of the scripts' output. Raise it when an older reader would misread a newer output. */
export const BASELINE_VERSION = 1;

/** Lists of a database, by the kind of their records. */
const DATABASE_LISTS = {
  file: "files",
  table: "tables",
  checksum: "checksums",
  editionFeature: "editionFeatures",
  assembly: "assemblies",
  reference: "references",
  user: "users",
  job: "jobs",
} as const satisfies Partial<Record<RecordKind, string>>;
type DatabaseLists = {
  [K in keyof typeof DATABASE_LISTS as (typeof DATABASE_LISTS)[K]]: Omit<BaselineRecord<K>, "database">[];
};

/** Lists of the server, by the kind of their records. */
const SERVER_LISTS = {
  linkedServer: "linkedServers",
  serverTrigger: "serverTriggers",
  endpoint: "endpoints",
  mailProfile: "mailProfiles",
  workloadGroup: "workloadGroups",
  traceFlag: "traceFlags",
} as const satisfies Partial<Record<RecordKind, string>>;
type ServerLists = { [K in keyof typeof SERVER_LISTS as (typeof SERVER_LISTS)[K]]: BaselineRecord<K>[] };

/** All recorded facts about one database. */
export interface DatabaseBaseline extends Omit<BaselineRecord<"database">, "database">, DatabaseLists {
  name: string;
  encryptionKey: Omit<BaselineRecord<"encryptionKey">, "database"> | undefined;
  /** Undefined where the database could not be accessed. */
  contents: Omit<BaselineRecord<"contents">, "database"> | undefined;
  /** Undefined where the database could not be accessed, and in baselines of older versions. */
  dbo: Omit<BaselineRecord<"dbo">, "database"> | undefined;
  /** Queries that failed, with the server's message. */
  notRead: { what: string; why: string }[];
}

/** Output of `sql/baseline.sql` or `sql/verify.sql`. */
export interface Baseline extends ServerLists {
  script: BaselineScript;
  server: BaselineRecord<"server">;
  databases: DatabaseBaseline[];
  notRead: { what: string; why: string }[];
}

const fileSchema = z.object({
  format: z.literal("sqlserver-baseline", { error: "it is not the output of baseline.sql or verify.sql" }),
  version: z.int(),
  script: z.enum(BASELINE_SCRIPTS),
  records: z.array(z.looseObject({ record: z.string() })),
});

/**
 * Parses the output of `sql/baseline.sql` or `sql/verify.sql`. Text around the JSON (from sqlcmd or an editor) and
 * records of unknown kinds are ignored.
 *
 * @param file name of the text in messages
 * @throws `BASELINE_INVALID` with the first invalid place, `BASELINE_NEWER`
 */
export function readBaseline(text: string, file: string): Baseline {
  const { version, script, records } = parsed(fileSchema, jsonOf(text, file), { file, place: "" });
  if (version > BASELINE_VERSION) throw migrationError("BASELINE_NEWER", { file, version: String(version) });
  const reader = new BaselineReader(file);
  records.forEach((record, index) => {
    if (isRecordKind(record.record)) reader.addRecord(record.record, record, `records.${index}`);
  });
  return reader.baseline(script);
}

/** Parses the text from the first brace to the last. UTF-16 read as UTF-8 has a NUL after every character. */
function jsonOf(text: string, file: string): unknown {
  const plain = text.replaceAll("\u0000", "");
  const json = plain.slice(Math.max(0, plain.indexOf("{")), plain.lastIndexOf("}") + 1);
  try {
    return JSON.parse(json);
  } catch (cause) {
    const fault = !plain.includes("{") ? "it contains no JSON" : "its JSON is incomplete or was changed";
    throw migrationError("BASELINE_INVALID", { file, place: "the file", fault }, { cause });
  }
}

function parsed<T>(schema: z.ZodType<T>, value: unknown, { file, place }: { file: string; place: string }): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = [place, ...(issue?.path ?? []).map(String)].filter((part) => part !== "").join(".");
  const fault = issue?.message ?? "it is not a baseline";
  throw migrationError("BASELINE_INVALID", { file, place: where || "the file", fault });
}

const EMPTY_SERVER = recordSchemas.server.parse({});

/**
 * Merges flat records in any order. The facts of a database are in several records, one for each server version that
 * added some.
 */
class BaselineReader {
  private server = EMPTY_SERVER;
  private readonly databases = new Map<string, DatabaseBaseline>();
  private readonly serverLists = emptyLists<ServerLists>(SERVER_LISTS);
  private readonly notRead: Baseline["notRead"] = [];

  constructor(private readonly file: string) {}

  addRecord(kind: keyof typeof recordSchemas, value: unknown, place: string): void {
    const at = { file: this.file, place };
    switch (kind) {
      case "server":
        this.server = { ...this.server, ...known(parsed(recordSchemas.server, value, at)) };
        return;
      case "notRead": {
        const { database, what, why } = parsed(recordSchemas.notRead, value, at);
        const list = database === null ? this.notRead : this.databaseOf(database).notRead;
        list.push({ what, why: why ?? "no message" });
        return;
      }
      case "database": {
        const { database, ...facts } = parsed(recordSchemas.database, value, at);
        Object.assign(this.databaseOf(database), known(facts));
        return;
      }
      case "encryptionKey": {
        const { database, ...facts } = parsed(recordSchemas.encryptionKey, value, at);
        const target = this.databaseOf(database);
        target.encryptionKey = { ...facts, ...target.encryptionKey, ...known(facts) };
        return;
      }
      case "contents": {
        const { database, ...facts } = parsed(recordSchemas.contents, value, at);
        this.databaseOf(database).contents = facts;
        return;
      }
      case "dbo": {
        const { database, ...facts } = parsed(recordSchemas.dbo, value, at);
        this.databaseOf(database).dbo = facts;
        return;
      }
      case "file":
      case "table":
      case "checksum":
      case "editionFeature":
      case "assembly":
      case "reference":
      case "user":
      case "job": {
        const { database, ...facts } = parsed<{ database: string }>(recordSchemas[kind], value, at);
        const list: object[] = this.databaseOf(database)[DATABASE_LISTS[kind]];
        list.push(facts);
        return;
      }
      case "linkedServer":
      case "serverTrigger":
      case "endpoint":
      case "mailProfile":
      case "workloadGroup":
      case "traceFlag": {
        const list: object[] = this.serverLists[SERVER_LISTS[kind]];
        list.push(parsed<object>(recordSchemas[kind], value, at));
        return;
      }
    }
  }

  baseline(script: BaselineScript): Baseline {
    const { server, serverLists, notRead } = this;
    return { script, server, databases: [...this.databases.values()], ...serverLists, notRead };
  }

  private databaseOf(name: string): DatabaseBaseline {
    const database = this.databases.get(name) ?? emptyDatabase(name);
    this.databases.set(name, database);
    return database;
  }
}

function emptyDatabase(name: string): DatabaseBaseline {
  const { database, ...facts } = recordSchemas.database.parse({ database: name });
  return {
    name: database,
    ...facts,
    encryptionKey: undefined,
    contents: undefined,
    dbo: undefined,
    ...emptyLists<DatabaseLists>(DATABASE_LISTS),
    notRead: [],
  };
}

/** An empty list under each of the names. */
const emptyLists = <T extends object>(names: Readonly<Record<string, keyof T>>): T =>
  Object.fromEntries(Object.values(names).map((name) => [name, []])) as unknown as T; // its members are these lists

/** Drops null facts, so that a later record does not overwrite an earlier one with null. */
const known = <T extends object>(facts: T): Partial<T> =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null)) as Partial<T>; // a subset of its entries

/** Total size of a database's files; undefined where no file is known. */
export function sizeBytes(database: DatabaseBaseline): number | undefined {
  if (database.files.length === 0) return undefined;
  return database.files.reduce((sum, file) => sum + (file.sizeBytes ?? 0), 0);
}
