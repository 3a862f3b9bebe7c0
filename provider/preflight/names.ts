import type { DatabaseFacts, InstanceFacts } from "../aliyun/rds-api";
import { overwritesOnRestore } from "../model/engine-version";
import { isSameName } from "../model/names";
import { errorOf, type Finding, shared, warningOf } from "./finding";

export interface NameInput {
  instance: InstanceFacts;
  database: string;
  databases: readonly DatabaseFacts[];
  allowOverwrite: boolean;
}

/** 2008 R2 with local disks overwrites an existing database, also with a second task that arrives late. */
export function checkOverwrite({ instance, database, databases, allowOverwrite }: NameInput): Finding[] {
  const { instanceId, engineVersion } = instance;
  if (!overwritesOnRestore(engineVersion)) return [];
  const findings: Finding[] = [];
  if (allowOverwrite) findings.push(shared(warningOf("OVERWRITE_MAY_REPEAT", { instance: instanceId })));
  else findings.push(errorOf("OVERWRITE_NOT_ALLOWED", { database, instance: instanceId }));
  if (!databases.some(({ name }) => isSameName(name, database)))
    findings.push(errorOf("DATABASE_MISSING_2008R2", { database, instance: instanceId }));
  return findings;
}

/** Later versions restore only under an unused name; the migration's own task may already have created the database. */
export function checkName({ instance, database, databases }: NameInput): Finding | undefined {
  if (overwritesOnRestore(instance.engineVersion)) return undefined;
  const present = databases.find(({ name }) => isSameName(name, database));
  if (present === undefined) return undefined;
  return errorOf("DATABASE_EXISTS", { database, instance: instance.instanceId, status: present.status });
}

/** Upper case is allowed: the vendor's examples use it (`Testdb`), although CreateDatabase's rules do not allow it. */
const PLAIN_NAME = /^[a-z0-9][a-z0-9_-]{1,63}$/i;

/**
 * Warns of names that CreateDatabase refuses and SQL Server allows. The migration guides refer to SQL Server's rules.
 */
export function checkDatabaseName(database: string): Finding[] {
  return PLAIN_NAME.test(database) ? [] : [warningOf("DATABASE_NAME_DOUBTFUL", { database })];
}

/**
 * Characters that one of the vendor's pages forbids and another uses or does not mention. All pages forbid `@` and `|`.
 */
const DOUBTFUL = /[!#$%^&*()+= ]/g;

export function checkKey(key: string): Finding[] {
  const characters = [...new Set(key.match(DOUBTFUL) ?? [])].map((character) =>
    character === " " ? "blanks" : character,
  );
  const [, extension = ""] = /\.(\w+)$/.exec(key) ?? [];
  return [
    ...(characters.length === 0 ? [] : [warningOf("KEY_DOUBTFUL", { key, characters: characters.join(" ") })]),
    ...(/^bak$/i.test(extension) ? [] : [warningOf("EXTENSION_DOUBTFUL", { key, extension })]),
  ];
}
