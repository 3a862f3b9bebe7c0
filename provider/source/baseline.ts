import { z } from "zod";
import { migrationError } from "../errors/migration-error";
import { type BaselineRecord, isRecordKind, recordSchemas } from "./baseline-records";
import { BASELINE_SCRIPTS, type BaselineScript } from "./fact-group";

/** Version of the scripts' output. Raise it when an older reader would misread a newer output. */
export const BASELINE_VERSION = 1;

type WithoutDatabase<
  K extends "file" | "table" | "checksum" | "editionFeature" | "assembly" | "reference" | "user" | "job",
> = Omit<BaselineRecord<K>, "database">;

/** All recorded facts about one database. */
export interface DatabaseBaseline extends Omit<BaselineRecord<"database">, "database"> {
  name: string;
  encryptionKey: Omit<BaselineRecord<"encryptionKey">, "database"> | undefined;
  /** Undefined where the database could not be accessed. */
  contents: Omit<BaselineRecord<"contents">, "database"> | undefined;
  files: WithoutDatabase<"file">[];
  tables: WithoutDatabase<"table">[];
  /** Empty unless the script was to read the tables (`@checksums`). */
  checksums: WithoutDatabase<"checksum">[];
  editionFeatures: WithoutDatabase<"editionFeature">[];
  assemblies: WithoutDatabase<"assembly">[];
  references: WithoutDatabase<"reference">[];
  users: WithoutDatabase<"user">[];
  jobs: WithoutDatabase<"job">[];
  /** Queries that failed, with the server's message. */
  notRead: { what: string; why: string }[];
}

/** Output of `sql/baseline.sql` or `sql/verify.sql`. */
export interface Baseline {
  script: BaselineScript;
  server: BaselineRecord<"server">;
  databases: DatabaseBaseline[];
  linkedServers: BaselineRecord<"linkedServer">[];
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
  private readonly linkedServers: Baseline["linkedServers"] = [];
  private readonly notRead: Baseline["notRead"] = [];

  constructor(private readonly file: string) {}

  addRecord(kind: keyof typeof recordSchemas, value: unknown, place: string): void {
    const at = { file: this.file, place };
    switch (kind) {
      case "server":
        this.server = { ...this.server, ...known(parsed(recordSchemas.server, value, at)) };
        return;
      case "linkedServer":
        this.linkedServers.push(parsed(recordSchemas.linkedServer, value, at));
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
      case "file":
        this.add(parsed(recordSchemas.file, value, at), "files");
        return;
      case "table":
        this.add(parsed(recordSchemas.table, value, at), "tables");
        return;
      case "checksum":
        this.add(parsed(recordSchemas.checksum, value, at), "checksums");
        return;
      case "editionFeature":
        this.add(parsed(recordSchemas.editionFeature, value, at), "editionFeatures");
        return;
      case "assembly":
        this.add(parsed(recordSchemas.assembly, value, at), "assemblies");
        return;
      case "reference":
        this.add(parsed(recordSchemas.reference, value, at), "references");
        return;
      case "user":
        this.add(parsed(recordSchemas.user, value, at), "users");
        return;
      case "job":
        this.add(parsed(recordSchemas.job, value, at), "jobs");
        return;
    }
  }

  baseline(script: BaselineScript): Baseline {
    const { server, linkedServers, notRead } = this;
    return { script, server, databases: [...this.databases.values()], linkedServers, notRead };
  }

  private add<
    L extends "files" | "tables" | "checksums" | "editionFeatures" | "assemblies" | "references" | "users" | "jobs",
  >({ database, ...facts }: { database: string } & DatabaseBaseline[L][number], list: L): void {
    const target: object[] = this.databaseOf(database)[list];
    target.push(facts);
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
    files: [],
    tables: [],
    checksums: [],
    editionFeatures: [],
    assemblies: [],
    references: [],
    users: [],
    jobs: [],
    notRead: [],
  };
}

/** Drops null facts, so that a later record does not overwrite an earlier one with null. */
const known = <T extends object>(facts: T): Partial<T> =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null)) as Partial<T>; // a subset of its entries

/** Total size of a database's files; undefined where no file is known. */
export function sizeBytes(database: DatabaseBaseline): number | undefined {
  if (database.files.length === 0) return undefined;
  return database.files.reduce((sum, file) => sum + (file.sizeBytes ?? 0), 0);
}
