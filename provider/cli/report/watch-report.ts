import { plainErrorOf } from "../../errors/plain-error";
import { secondsText } from "../../model/status-command";
import { migrationReport } from "../../report/migration-report";
import { reportPage } from "../../report/report-page";
import { systemClock } from "../../session/clock";
import { mergeStates } from "../../stack-state/exported-stack";
import { recordedDatabases } from "../../stack-state/recorded-databases";
import type { CommandContext } from "../program/program";
import { untilStopped } from "../program/until-stopped";
import { UsageError } from "../program/usage-error";
import { fetchCurrentRows } from "../status/fetch-rows";
import { notAskedTexts } from "../status/not-asked";
import { readStackStates } from "../status/stack-state";
import { replaceFile } from "./replace-file";
import type { ReportRequest } from "./report-request";
import { hasRunEnded } from "./run-ended";

/** The least pause: each page is a `pulumi stack export` and one list of tasks for each instance. */
const LEAST_SECONDS = 5;

/**
 * Writes the page of a running update again and again, with what RDS shows of the tasks. It returns at the end of the run that
 * writes the event log, or when the process gets SIGINT or SIGTERM.
 */
export async function watchReport(
  { state = [], stack, html, eventLog, watch = "" }: ReportRequest,
  context: Pick<CommandContext, "console" | "program">,
): Promise<void> {
  const seconds = Number(watch);
  if (!/^\d+$/.test(watch) || seconds < LEAST_SECONDS)
    throw new UsageError(`--watch is a whole number of seconds from ${LEAST_SECONDS}, not ${JSON.stringify(watch)}`);
  if (html === undefined) throw new UsageError("--watch needs --html: the page that is written again");
  if (state.includes("-")) throw new UsageError("--watch needs a stack or files: stdin can be read only once");
  const { console, program } = context;
  const sinceMs = systemClock.now();
  let lastFault = "";
  const report = (fault: string): void => {
    if (fault !== "" && fault !== lastFault) console.err(`${program}: ${fault}`);
    lastFault = fault;
  };
  const writePage = async (): Promise<void> => {
    const whole = mergeStates(await readStackStates({ state, stack }));
    const { rows, notAsked } = await fetchCurrentRows(whole, recordedDatabases(whole).rows, context);
    const live = { refreshSeconds: seconds, writtenAt: secondsText(systemClock.now()) };
    await replaceFile(html, reportPage(migrationReport(whole, rows), live));
    report(notAskedTexts(notAsked).join("\n"));
  };
  await untilStopped(async (signal) => {
    while (!signal.aborted && !(eventLog !== undefined && (await hasRunEnded(eventLog, sinceMs)))) {
      // The stack may not exist yet, or its state is being written: the page stays as it is until the next time.
      await writePage().catch((error: unknown) => report(plainErrorOf(error).message));
      await systemClock.sleep(seconds * 1000, signal);
    }
  });
}
