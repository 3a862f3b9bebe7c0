import { counted } from "../errors/message-text";
import { nameKey } from "../model/names";
import { formatBytes, formatDuration } from "../model/quantities";
import { SPACE_MARGIN } from "./fill-wave";
import type { Limit, Plan, PlanDatabase, PlanInput } from "./plan";
import { planWaves } from "./plan-waves";

/** Databases that one limit keeps out of the plan, and what would make room for them. */
export interface Advice {
  limit: Limit;
  databases: string[];
  /** A sentence: what does not fit. */
  what: string;
  /** A sentence: what would make it fit. */
  remedy: string;
}

/** More machines than this for each of the given ones are not tried. */
const MOST_TIMES_THE_RUNNERS = 4;

/** Says what does not fit and what would make it fit, once for each limit. */
export function advise(input: PlanInput, { unplanned, waves }: Plan): Advice[] {
  const byKey = new Map(input.databases.map((each) => [nameKey(each.database), each]));
  const limits = [...new Set(unplanned.map(({ limit }) => limit))];
  return limits.map((limit) => {
    const databases = unplanned.filter((each) => each.limit === limit).map(({ database }) => database);
    const left = databases.flatMap((database) => byKey.get(nameKey(database)) ?? []);
    const planned = waves.flatMap((wave) =>
      wave.databases.flatMap(({ database }) => byKey.get(nameKey(database)) ?? []),
    );
    return { limit, databases, ...TEXTS[limit](input, left, planned) };
  });
}

type Text = (
  input: PlanInput,
  left: readonly PlanDatabase[],
  planned: readonly PlanDatabase[],
) => { what: string; remedy: string };

const TEXTS: Readonly<Record<Limit, Text>> = {
  space: (input, left, planned) => {
    const growth = (input.growth ?? []).reduce((sum, { bytes }) => sum + bytes, 0);
    const all = [...left, ...planned];
    const files = Math.max(...all.map(({ backupBytes }) => backupBytes)) * input.restoresAtOnce;
    const needed = all.reduce((sum, { restoredBytes }) => sum + restoredBytes * SPACE_MARGIN, 0) + files;
    const missing = needed - (input.freeBytes ?? 0) - growth;
    return {
      what: `Beyond the instance's disk: ${counted(left.length, "database")} of ${sizeOf(left)}.`,
      remedy: `${formatBytes(Math.max(0, missing))} more disk holds them, with a tenth to spare and room for the files being restored.`,
    };
  },
  count: ({ databasesAllowed = 0 }, left) => ({
    what: `Beyond the number of databases that the instance takes (${databasesAllowed} more): ${counted(left.length, "database")}.`,
    remedy: "Migrate them into another instance, or into one of a larger specification.",
  }),
  groupSize: (_input, left) => ({
    what: `A group of ${counted(left.length, "database")} is larger than a day's quota of migration tasks.`,
    remedy: "Make the group smaller.",
  }),
  windowLength: (input, left) => {
    const names = left.map((each) => `${each.database} ${formatDuration(aloneSeconds([each], input))}`);
    return {
      what: `Longer than every window by themselves: ${shortList(names)}.`,
      remedy: withRunners(
        input,
        left,
        `A window of ${formatDuration(aloneSeconds(left, input))} holds them, or a backup that is in the bucket before.`,
      ),
    };
  },
  window: (input, left) => ({
    what: `Not within the windows: ${counted(left.length, "database")} of ${sizeOf(left)}.`,
    remedy: withRunners(input, left, `Another window of ${formatDuration(aloneSeconds(left, input))} holds them.`),
  }),
};

const sizeOf = (databases: readonly PlanDatabase[]): string =>
  formatBytes(databases.reduce((sum, { restoredBytes }) => sum + restoredBytes, 0));

const NAMED = 3;
const shortList = (names: readonly string[]): string =>
  [...names.slice(0, NAMED), ...(names.length > NAMED ? [`${names.length - NAMED} more`] : [])].join(", ");

/** What the databases take in a window that does not end. */
function aloneSeconds(databases: readonly PlanDatabase[], input: PlanInput): number {
  const { waves } = planWaves({ ...input, ...UNLIMITED, databases, windows: undefined });
  return ((waves.at(-1)?.endMs ?? input.nowMs) - input.nowMs) / 1000;
}

const UNLIMITED = { freeBytes: undefined, databasesAllowed: undefined, begun: undefined, tasks: undefined } as const;

/** Adds how many machines would do, where more of them help. */
function withRunners(input: PlanInput, left: readonly PlanDatabase[], remedy: string): string {
  const keys = new Set(left.map(({ database }) => nameKey(database)));
  for (let times = 2; times <= MOST_TIMES_THE_RUNNERS; times *= 2) {
    const runners = Array.from({ length: times }, () => input.runners).flat();
    const { unplanned } = planWaves({ ...input, runners });
    if (!unplanned.some(({ database }) => keys.has(nameKey(database))))
      return `${remedy} So do ${counted(runners.length, "machine")} instead of ${input.runners.length}.`;
  }
  return remedy;
}
