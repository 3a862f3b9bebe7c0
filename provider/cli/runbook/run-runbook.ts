import { listed } from "../../errors/message-text";
import { plainErrorOf } from "../../errors/plain-error";
import { isSameName } from "../../model/names";
import { formatLocalTime, parseNextTime } from "../../plan/windows";
import { runbook } from "../../runbook/runbook";
import { type RunbookGroup, runbookFacts } from "../../runbook/runbook-groups";
import type { RunbookSettings } from "../../runbook/settings";
import { option } from "../../runbook/shell";
import { systemClock } from "../../session/clock";
import { mergeStates } from "../../stack-state/exported-stack";
import { requireTimeZone } from "../plan/parse-plan-options";
import { readManifest } from "../plan/read-manifest";
import { EXIT, type ExitStatus } from "../program/exit-status";
import type { CommandContext } from "../program/program";
import { UsageError } from "../program/usage-error";
import { readStackStates } from "../status/stack-state";

export interface RunbookRequest {
  state?: string[];
  stack?: string;
  manifest?: string;
  start?: string;
  timezone?: string;
  group?: string[];
  only?: string[];
  sourceServer?: string;
  folder?: string;
  instance?: string;
  login?: string;
  logJob?: string[];
  phaseSetting: string;
}

/** Prints the runbook of the cutovers that a state or a manifest has. It reads only. */
export async function runRunbook(
  request: RunbookRequest,
  { console, program }: Pick<CommandContext, "console" | "program">,
): Promise<ExitStatus> {
  const {
    manifest: manifestFile,
    stack,
    state = [],
    sourceServer,
    folder,
    instance,
    login,
    logJob,
    phaseSetting,
  } = request;
  const timeZone = requireTimeZone(request.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone);
  const startMs = requireStart(request.start, timeZone);
  const manifest = manifestFile === undefined ? undefined : await readManifest(manifestFile);
  // Before anything exists there is a manifest and no stack.
  const readsState = manifest === undefined || stack !== undefined || state.length > 0;
  const facts = runbookFacts({
    state: mergeStates(readsState ? await readStackStates({ state, stack }) : []),
    manifest,
    together: (request.group ?? []).map((names) => names.split(",").map((name) => name.trim())),
    instanceId: instance,
  });
  if (facts.unknown.length > 0)
    throw new UsageError(
      ["--group: no database outside of a CutoverGroup has this name", ...listed("Names:", facts.unknown)].join("\n"),
    );
  const scattered = facts.groups.find(({ databases }) => new Set(databases.map(({ stack }) => stack)).size > 1);
  if (scattered !== undefined)
    throw new UsageError(`--group: ${scattered.name} are in several stacks, and one update opens those of one stack`);
  const groups = choose(facts.groups, request.only);
  const repeat = repeatWords(request, { startMs, timeZone, stack: stackOf(groups) });
  const settings: RunbookSettings = {
    ...{ startMs, timeZone, sourceServer, folder, login, logJobs: logJob, phaseSetting, manifestFile, repeat },
  };
  for (const { urn, error } of facts.recorded.unreadable)
    console.err(`${program}: ${urn} cannot be read: ${plainErrorOf(error).message}`);
  if (groups.length === 0)
    console.err(
      `${program}: no database takes increments, so no cutover is planned. Give a state or a manifest whose databases have increments.`,
    );
  else console.out(runbook(facts, groups, settings).trimEnd());
  return groups.length === 0 || facts.recorded.unreadable.length > 0 ? EXIT.findings : EXIT.ok;
}

function requireStart(text: string | undefined, timeZone: string): number {
  if (text === undefined) throw new UsageError('--start is missing: when writes stop, such as "Sat 22:00"');
  const startMs = parseNextTime(text, timeZone, systemClock.now());
  if (startMs === undefined)
    throw new UsageError(`--start is a time such as "Sat 22:00" or "2026-12-05 22:00", not ${JSON.stringify(text)}`);
  return startMs;
}

/** Each name is that of a group or of one of its databases. */
function choose(groups: readonly RunbookGroup[], only: readonly string[] | undefined): RunbookGroup[] {
  if (only === undefined) return [...groups];
  const chosen = only.map((name) => {
    const found = groups.find(
      (group) => group.name === name || group.databases.some(({ database }) => isSameName(database, name)),
    );
    if (found === undefined) throw new UsageError(`--only: no group and no database is called ${name}`);
    return found;
  });
  return [...new Set(chosen)];
}

/** The stack of all databases; undefined where they are in several or in none. */
function stackOf(groups: readonly RunbookGroup[]): string | undefined {
  const stacks = new Set(groups.flatMap(({ databases }) => databases.map(({ stack }) => stack)));
  const [stack] = stacks;
  return stacks.size === 1 ? stack : undefined;
}

/** The same options, with the time in full, because `Sat 22:00` is another day a week later. */
function repeatWords(
  request: RunbookRequest,
  { startMs, timeZone, stack }: { startMs: number; timeZone: string; stack: string | undefined },
): string[] {
  const start = formatLocalTime(startMs, timeZone).slice("Sat ".length);
  const given: [string, string | undefined][] = [
    ["--stack", stack],
    ["--manifest", request.manifest],
    ["--start", start],
    ["--timezone", timeZone],
    ...(request.group ?? []).map((names): [string, string] => ["--group", names]),
    ...(request.only ?? []).map((name): [string, string] => ["--only", name]),
    ["--source-server", request.sourceServer],
    ["--folder", request.folder],
    ["--instance", request.instance],
    ["--login", request.login],
    ...(request.logJob ?? []).map((name): [string, string] => ["--log-job", name]),
    ["--phase-setting", request.phaseSetting === "phase" ? undefined : request.phaseSetting],
  ];
  return ["runbook", ...given.flatMap(([flag, value]) => (value === undefined ? [] : [option(flag, value)]))];
}
