import { withAddress } from "../../errors/error-address";
import { plainErrorOf } from "../../errors/plain-error";
import { hasFailed } from "../../model/database-counts";
import { recordedDatabases } from "../../stack-state/recorded-databases";
import { EXIT, type ExitStatus } from "../program/exit-status";
import { jsonReport } from "../program/json-report";
import type { CommandContext } from "../program/program";
import { type FetchedRows, fetchCurrentRows } from "./fetch-rows";
import { notAskedTexts } from "./not-asked";
import { statusItems, statusReport } from "./report";
import { NO_DATABASE, readStackState } from "./stack-state";

export interface StatusRequest {
  /** A file, or `-` for stdin. @default the output of `pulumi stack export` */
  state?: string;
  stack?: string;
  offline?: boolean;
  json?: boolean;
}

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
    : await fetchCurrentRows(state, recorded.rows, { console, program });
  for (const text of notAskedTexts(notAsked)) err(`${program}: ${text}`);
  if (request.json) out(jsonReport(statusItems(rows)));
  else if (rows.length > 0) out(statusReport(rows));
  if (rows.length === 0) err(`${program}: ${NO_DATABASE}`);
  const isRefused = notAsked.some(({ error }) => error !== undefined && !WITHOUT_CREDENTIALS.includes(error.code));
  const hasFindings = rows.length === 0 || rows.some(hasFailed) || recorded.unreadable.length > 0 || isRefused;
  return hasFindings ? EXIT.findings : EXIT.ok;
}
