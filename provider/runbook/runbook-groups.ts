import type { Manifest } from "../backup/manifest";
import { parseGroupOutputs } from "../model/cutover-group";
import { isSameName } from "../model/names";
import { kindOfType } from "../model/resource-type";
import { unmarkNames } from "../model/state-format";
import { currentResources, type StackResource, type StackState } from "../stack-state/exported-stack";
import { type RecordedDatabases, recordedDatabases } from "../stack-state/recorded-databases";
import { type CutoverDatabase, databaseOfManifest, databaseOfRow } from "./cutover-database";

/** Databases that go online together, in the order in which they are opened. */
export interface RunbookGroup {
  name: string;
  /** One CutoverGroup opens them; otherwise each migration opens its own database. */
  isCutoverGroup: boolean;
  databases: readonly CutoverDatabase[];
}

export interface RunbookFacts {
  groups: RunbookGroup[];
  recorded: RecordedDatabases;
  /** Databases without increments: they have no cutover. */
  fullOnly: string[];
  /** Names that were asked for, and that no database without a CutoverGroup has. */
  unknown: string[];
}

export interface RunbookSources {
  state: StackState;
  manifest?: Manifest;
  /** Names of databases that are opened together although no CutoverGroup records it. */
  together: readonly (readonly string[])[];
  /** The instance of the manifest's databases. */
  instanceId?: string;
}

/** Finds what is cut over together: the CutoverGroups of a state, the groups that are asked for, and every other database by itself. */
export function runbookFacts({ state, manifest, together, instanceId }: RunbookSources): RunbookFacts {
  const recorded = recordedDatabases(state);
  const waiting = recorded.rows.filter(({ phase }) => phase !== undefined).map((row) => databaseOfRow(row, manifest));
  const isRecorded = (name: string): boolean =>
    recorded.rows.some((row) => isSameName(databaseOfRow(row, undefined).source, name));
  const planned = (manifest?.databases ?? [])
    .filter(({ database }) => !isRecorded(database))
    .map((entry) => databaseOfManifest(entry, instanceId));
  const left = new Set(inOrder([...waiting, ...planned]));
  const take = (found: readonly CutoverDatabase[]): readonly CutoverDatabase[] => {
    for (const each of found) left.delete(each);
    return found;
  };
  const groups: RunbookGroup[] = groupsOf(state, recorded).map(({ name, members }) => ({
    ...{ name, isCutoverGroup: true },
    databases: take(
      members.flatMap((member) =>
        [...left].filter(
          ({ database, instanceId: id }) => isSameName(database, member.database) && id === member.instanceId,
        ),
      ),
    ),
  }));
  const unknown: string[] = [];
  for (const names of together) {
    const found = names.map((name) => [...left].find((each) => isSameName(each.database, name)));
    unknown.push(...names.filter((_, index) => found[index] === undefined));
    const databases = take([...new Set(found.filter((each) => each !== undefined))]);
    groups.push({ name: names.join(", "), isCutoverGroup: false, databases });
  }
  for (const each of left) groups.push({ name: each.database, isCutoverGroup: false, databases: [each] });
  const fullOnly = recorded.rows.filter(({ phase }) => phase === undefined).map(({ database }) => database);
  return {
    groups: groups.filter(({ databases }) => databases.length > 0),
    recorded,
    fullOnly: fullOnly.sort(),
    unknown,
  };
}

/** Groups that cannot be read are among the unreadable records. */
const groupsOf = (state: StackState, { unreadable }: RecordedDatabases) =>
  currentResources(state)
    .filter(({ type, urn }) => kindOfType(type) === "CutoverGroup" && !unreadable.some((each) => each.urn === urn))
    .sort((one, other) => (one.urn < other.urn ? -1 : 1))
    .map((resource) => ({
      name: nameOf(resource),
      members: parseGroupOutputs(unmarkNames(resource.outputs ?? {})).opened,
    }));

const nameOf = ({ urn }: StackResource): string => urn.split("::").at(-1) ?? urn;

const inOrder = (databases: readonly CutoverDatabase[]): CutoverDatabase[] => {
  const key = ({ instanceId = "", database }: CutoverDatabase): string => `${database}/${instanceId}`;
  return [...databases].sort((one, other) => (key(one) < key(other) ? -1 : 1));
};
