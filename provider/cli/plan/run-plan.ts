import { counted, plural } from "../../errors/message-text";
import type { ForecastDatabase } from "../../forecast/forecast-database";
import { learnRates, type Rates } from "../../forecast/learn-rates";
import { stageSeconds } from "../../forecast/stage-model";
import { nameKey } from "../../model/names";
import { advise } from "../../plan/advice";
import type { PlanDatabase, PlanInput } from "../../plan/plan";
import { planItems } from "../../plan/plan-file";
import { planWaves } from "../../plan/plan-waves";
import { systemClock } from "../../session/clock";
import { openSession } from "../../session/session";
import type { DatabaseRow } from "../../stack-state/database-row";
import { observedMigrations } from "../../stack-state/observed-migrations";
import { recordedDatabases } from "../../stack-state/recorded-databases";
import { lazyStore, type StoreChoice } from "../bakinfo/object-store";
import { EXIT, type ExitStatus } from "../program/exit-status";
import { jsonReport } from "../program/json-report";
import type { CommandContext } from "../program/program";
import { untilStopped } from "../program/until-stopped";
import { UsageError } from "../program/usage-error";
import { warningLog } from "../program/warning-log";
import { readStackState } from "../status/stack-state";
import { fetchInstanceRoom, type InstanceRoom } from "./fetch-instance";
import { type MeasuredRate, measureUpload } from "./measure-upload";
import { parseCount, parseGrowth, parseSize, parseWindows, requireTimeZone } from "./parse-plan-options";
import { readBegunWaves } from "./read-previous";
import { readSizes } from "./read-sizes";
import { planReport } from "./report";

export interface PlanRequest extends StoreChoice {
  /** A manifest, or a folder of backups. */
  backups: string;
  instance?: string;
  free?: string;
  growth?: string[];
  window?: string[];
  timezone?: string;
  weeks: string;
  runners: string;
  rate?: string;
  measure?: boolean;
  bucket?: string;
  parallel: string;
  reserve: string;
  state?: string[];
  group?: string[];
  first?: string[];
  previous?: string;
  json?: boolean;
}

/** Plans the waves of databases. It reads only; `measure` sends a probe and deletes it. */
export async function runPlan(
  request: PlanRequest,
  context: Pick<CommandContext, "console" | "program">,
): Promise<ExitStatus> {
  const nowMs = systemClock.now();
  const options = parseOptions(request, nowMs);
  const store = lazyStore(request, context);
  const { databases: sizes, problems } = await readSizes(request.backups, store, context.program);
  for (const problem of problems) context.console.err(problem);
  const states = await Promise.all((request.state ?? []).map((state) => readStackState({ state })));
  const recorded = states.map((state) => recordedDatabases(state).rows);
  const room = await roomOf(request, context);
  const { measuredBucket } = options;
  const upload =
    measuredBucket === undefined
      ? options.upload
      : await untilStopped((signal) => measureUpload(store(), measuredBucket, signal));
  const rates = ratesOf(sizes, recorded, room, { nowMs, upload });
  const present = new Set(room?.databases.map(nameKey));
  const begun = recorded.flat().filter(({ status }) => status !== "planned");
  const begunKeys = new Set(begun.map(({ database }) => nameKey(database)));
  const databases = planDatabases(
    sizes.filter(({ database }) => !present.has(nameKey(database))),
    rates,
    options,
  );
  const input: PlanInput = {
    ...{ databases, nowMs, windows: options.windows, growth: options.growth },
    freeBytes: options.freeBytes ?? room?.freeBytes,
    databasesAllowed: room?.databasesAllowed,
    tasks: room?.tasks,
    runners: new Array<number>(options.runners).fill(rates.upload.bytesPerSecond),
    restoresAtOnce: rates.restoresAtOnce.likely,
    uploadsAtOnce: options.parallel,
    queueSeconds: rates.queueSeconds,
    begun:
      request.previous === undefined
        ? undefined
        : await readBegunWaves(request.previous, { nowMs, hasBegun: (name) => begunKeys.has(nameKey(name)) }),
  };
  const plan = planWaves(input);
  const advice = advise(input, plan);
  const { timeZone } = options;
  const notes = notesOf(input, room, options.reserve, sizes.length - databases.length);
  context.console.out(
    request.json
      ? jsonReport(planItems(plan, advice))
      : planReport({ plan, databases, advice, rates, timeZone, notes }),
  );
  return plan.unplanned.length === 0 && problems.length === 0 ? EXIT.ok : EXIT.findings;
}

function parseOptions(request: PlanRequest, nowMs: number) {
  const { free, window, growth = [], rate } = request;
  const timeZone = requireTimeZone(request.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone);
  const weeks = parseCount(request.weeks, "--weeks");
  return {
    timeZone,
    windows: parseWindows(window, { timeZone, nowMs, weeks }),
    growth: growth.map((each) => parseGrowth(each, timeZone)),
    freeBytes: free === undefined ? undefined : parseSize(free, "--free"),
    upload: rate === undefined ? undefined : { bytesPerSecond: parseCount(rate, "--rate") * 1e6, basis: "given" },
    measuredBucket: measuredBucketOf(request),
    runners: parseCount(request.runners, "--runners"),
    parallel: parseCount(request.parallel, "--parallel"),
    reserve: parseCount(request.reserve, "--reserve", 0),
    groups: new Map(
      (request.group ?? []).flatMap((names, index) =>
        names.split(",").map((name): [string, string] => [nameKey(name.trim()), `group ${index + 1}`]),
      ),
    ),
    first: new Set(request.first?.map(nameKey)),
  };
}

/** The bucket that a probe is sent to; undefined without `--measure`. @throws UsageError */
function measuredBucketOf({ measure, bucket, rate }: PlanRequest): string | undefined {
  if (measure !== true) {
    if (bucket !== undefined) throw new UsageError("--bucket is the bucket of --measure, which is not given");
    return undefined;
  }
  if (bucket === undefined) throw new UsageError("--measure needs --bucket <NAME>: the bucket that the backups go to");
  if (rate !== undefined) throw new UsageError("--measure and --rate exclude each other");
  return bucket;
}

async function roomOf(
  { instance, region, profile }: PlanRequest,
  context: Pick<CommandContext, "console" | "program">,
): Promise<InstanceRoom | undefined> {
  if (instance === undefined) return undefined;
  const settings = { config: () => undefined, env: context.console.env };
  const session = openSession(settings, warningLog(context), systemClock);
  return fetchInstanceRoom(session, { region, profile }, instance);
}

function ratesOf(
  sizes: readonly ForecastDatabase[],
  states: readonly (readonly DatabaseRow[])[],
  room: InstanceRoom | undefined,
  { nowMs, upload }: { nowMs: number; upload?: MeasuredRate },
): Rates {
  const byKey = new Map(sizes.map((each) => [nameKey(each.database), each]));
  const runs = states.map((rows) =>
    observedMigrations(rows, (database) => byKey.get(nameKey(database))?.restoredBytes),
  );
  const isRecorded = runs.some((records) => records.some(({ timeline }) => timeline.restoreStartedAt !== undefined));
  const rates = learnRates({ runs, tasks: isRecorded ? [] : room?.restores, nowMs });
  return upload === undefined ? rates : { ...rates, upload: { ...rates.upload, ...upload } };
}

function planDatabases(
  sizes: readonly ForecastDatabase[],
  rates: Rates,
  { reserve, groups, first }: ReturnType<typeof parseOptions>,
): PlanDatabase[] {
  const factor = 1 + reserve / 100;
  return sizes.map(({ database, backupBytes, restoredBytes, mustUpload }) => {
    const bytes = { backupBytes, restoredBytes }[rates.sizedBy];
    return {
      ...{ database, backupBytes, restoredBytes },
      uploadBytes: mustUpload ? backupBytes * factor : 0,
      restoreSeconds: stageSeconds(rates.restore.best, bytes) * factor,
      checkSeconds: stageSeconds(rates.check.best, bytes) * factor,
      priority: first.has(nameKey(database)) ? 0 : 1,
      group: groups.get(nameKey(database)),
    };
  });
}

function notesOf(input: PlanInput, room: InstanceRoom | undefined, reserve: number, presentCount: number): string[] {
  return [
    `${reserve} % more time than is likely; ${counted(input.uploadsAtOnce, "upload")} at once on each machine (pulumi up --parallel ${input.uploadsAtOnce})`,
    ...(input.freeBytes === undefined ? ["the free disk is not known: give --instance or --free"] : []),
    ...(input.databasesAllowed === undefined ? ["the number of databases is not limited: give --instance"] : []),
    ...(room !== undefined && room.tasks === undefined
      ? ["the edition does not list tasks: the day's quota counts from zero"]
      : []),
    ...(presentCount === 0
      ? []
      : [
          `${presentCount} of the databases ${plural(presentCount, "exists on the instance and is", "exist on the instance and are")} left out`,
        ]),
  ];
}
