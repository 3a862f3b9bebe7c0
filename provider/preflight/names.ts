import type { DatabaseFacts, InstanceFacts } from "../aliyun/rds-api";
import { overwritesOnRestore } from "../model/engine-version";
import { isSameName } from "../model/names";
import { errorOf, type Finding, warningOf } from "./finding";

export interface NameInput {
  instance: InstanceFacts;
  database: string;
  databases: readonly DatabaseFacts[];
  allowOverwrite: boolean;
}

/** 2008 R2 with local disks overwrites an existing database. */
export function checkOverwrite({ instance, database, databases, allowOverwrite }: NameInput): Finding[] {
  const { instanceId, engineVersion } = instance;
  if (!overwritesOnRestore(engineVersion)) return [];
  const findings: Finding[] = [];
  if (!allowOverwrite) findings.push(errorOf("OVERWRITE_NOT_ALLOWED", { database, instance: instanceId }));
  if (!databases.some(({ name }) => isSameName(name, database)))
    findings.push(errorOf("DATABASE_MISSING_2008R2", { database, instance: instanceId }));
  return findings;
}

/** Later versions restore under a free name only; the migration's own task may be what has taken it. */
export function checkName({ instance, database, databases }: NameInput): Finding | undefined {
  if (overwritesOnRestore(instance.engineVersion)) return undefined;
  const present = databases.find(({ name }) => isSameName(name, database));
  if (present === undefined) return undefined;
  return errorOf("DATABASE_EXISTS", { database, instance: instance.instanceId, status: present.status });
}

/** Letters of either case: the vendor's own examples have both (`Testdb`), although CreateDatabase's rules do not. */
const PLAIN_NAME = /^[a-z0-9][a-z0-9_-]{1,63}$/i;

/** What CreateDatabase refuses and SQL Server allows; the guides for migrations speak of SQL Server's rules. */
export function checkDatabaseName(database: string): Finding[] {
  return PLAIN_NAME.test(database) ? [] : [warningOf("DATABASE_NAME_DOUBTFUL", { database })];
}

/** Characters that one of the vendor's pages forbids and another prescribes or does not mention; `@` and `|` all forbid. */
const DOUBTFUL = /[!#$%^&*()+= ]/g;

export function checkKey(key: string): Finding[] {
  const found = [...new Set(key.match(DOUBTFUL) ?? [])].map((character) => (character === " " ? "blanks" : character));
  const [, extension = ""] = /\.(\w+)$/.exec(key) ?? [];
  return [
    ...(found.length === 0 ? [] : [warningOf("KEY_DOUBTFUL", { key, characters: found.join(" ") })]),
    ...(/^bak$/i.test(extension) ? [] : [warningOf("EXTENSION_DOUBTFUL", { key, extension })]),
  ];
}
