import { type CountedDatabase, statusSummary } from "../model/database-counts";
import type { RecordedTimes } from "./cutover-database";
import type { CutoverForecast } from "./cutover-forecast";
import type { GroupCommands } from "./group-commands";
import { code } from "./markdown";
import type { RunbookGroup } from "./runbook-groups";
import { PLACEHOLDERS, type RunbookSettings } from "./settings";

/** Minutes that people are assumed to need; scripts on the source are among them. */
const ASSUMED_MINUTES = {
  stopJobs: 5,
  update: 20,
  logins: 5,
  dryRun: 5,
  stopWrites: 10,
  sessions: 5,
  record: 10,
  lastLog: 5,
  bringFile: 5,
  preview: 5,
  decide: 5,
  compare: 10,
  startApplications: 10,
} as const;

export interface GroupStepsInput {
  group: RunbookGroup;
  settings: RunbookSettings;
  commands: GroupCommands;
  forecast: CutoverForecast;
  /** The databases of the same stack that are not cut over in this group. */
  others: readonly CountedDatabase[];
}

export const seconds = (step: keyof typeof ASSUMED_MINUTES, times = 1): number => ASSUMED_MINUTES[step] * times * 60;

export const summaryWhen = ({ group, others }: GroupStepsInput, status: CountedDatabase["status"]): string =>
  statusSummary([...others, ...group.databases.map(() => ({ status }))]);

/** The databases of the group by their names on the source, as Markdown. */
export const each = ({ group }: GroupStepsInput): string =>
  group.databases.map(({ source }) => code(source)).join(", ");

/** The jobs that take log backups, or the word that stands for them. */
export const logJobs = ({ logJobs: given }: RunbookSettings): readonly string[] => given ?? [PLACEHOLDERS.logJob];

/** The latest of the recorded times; undefined until every database has one. */
export function whenAll({ databases }: RunbookGroup, step: keyof RecordedTimes): string | undefined {
  const times = databases.map(({ recorded }) => recorded[step]);
  if (times.some((time) => time === undefined)) return undefined;
  return times.reduce((one, other) => (Date.parse(other ?? "") > Date.parse(one ?? "") ? other : one));
}
