import type { Settings } from "../../aliyun/settings";
import { withAddress } from "../../errors/error-address";
import { plainErrorOf } from "../../errors/plain-error";
import { hasFailed } from "../../model/database-counts";
import { PACKAGE_NAME } from "../../model/resource-type";
import { systemClock } from "../../session/clock";
import { openSession } from "../../session/session";
import type { StackState } from "../../stack-state/exported-stack";
import { recordedDatabases } from "../../stack-state/recorded-databases";
import { EXIT, type ExitStatus } from "../program/exit-status";
import { jsonReport } from "../program/json-report";
import type { CommandContext } from "../program/program";
import { warningLog } from "../program/warning-log";
import { type FetchedRows, fetchRows } from "./fetch-rows";
import { statusItems, statusReport } from "./report";
import { readStackState } from "./stack-state";

export interface StatusRequest {
  /** A file, or `-` for stdin. @default the output of `pulumi stack export` */
  state?: string;
  stack?: string;
  offline?: boolean;
  json?: boolean;
}

/** A person waits for the table: without an answer, six repetitions end within some forty seconds; milliseconds. */
const TUNING = { rdsReadTimeoutMs: 5_000, rdsRetryDelayMs: 100 };

/** The codes of a command without credentials, which prints the state. */
const WITHOUT_CREDENTIALS: readonly string[] = ["NO_CREDENTIALS", "NO_REGION"];

/** Prints every database of a stack. Reads the state and the task lists; changes nothing. */
export async function runStatus(
  request: StatusRequest,
  { console, program }: Pick<CommandContext, "console" | "program">,
): Promise<ExitStatus> {
  const { out, err } = console;
  const state = await readStackState(request);
  const recorded = recordedDatabases(state);
  for (const { urn, error } of recorded.unreadable)
    err(`${program}: ${urn}: ${withAddress(plainErrorOf(error).message)}`);
  const { rows, notAsked }: FetchedRows = request.offline
    ? { rows: recorded.rows, notAsked: [] }
    : await fetchRows(
        openSession(settingsOf(state, console.env), warningLog({ console, program }), systemClock, TUNING),
        recorded.rows,
      );
  for (const { instanceId, error } of notAsked) {
    const why = error?.message ?? "its edition does not list migration tasks";
    err(`${program}: ${instanceId} was not asked: ${why}`);
  }
  if (request.json) out(jsonReport(statusItems(rows)));
  else if (rows.length > 0) out(statusReport(rows));
  if (rows.length === 0) err(`${program}: the state has no database of this package`);
  const isRefused = notAsked.some(({ error }) => error !== undefined && !WITHOUT_CREDENTIALS.includes(error.code));
  const hasFindings = rows.length === 0 || rows.some(hasFailed) || recorded.unreadable.length > 0 || isRefused;
  return hasFindings ? EXIT.findings : EXIT.ok;
}

/**
 * The state has the configuration that the provider of either host got; the plugin's has the names of its own arguments. Secrets are
 * encrypted, so keys come from the environment.
 */
function settingsOf({ resources }: StackState, env: Settings["env"]): Settings {
  const inputsOf = (packageName: string) =>
    resources.flatMap(({ type, inputs }) => (type === `pulumi:providers:${packageName}` ? [inputs ?? {}] : []));
  const [dynamic, native] = [inputsOf("pulumi-nodejs"), inputsOf(PACKAGE_NAME)];
  return {
    config: (key) =>
      [...dynamic.map((inputs) => inputs[key]), ...native.map((inputs) => inputs[key.replace(/^alicloud:/, "")])].find(
        (value) => typeof value === "string",
      ),
    env,
  };
}
