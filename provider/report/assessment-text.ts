import { counted } from "../errors/message-text";
import { formatBytes } from "../model/quantities";
import { terminalLine } from "../model/terminal-text";
import type { Assessment } from "./assessment";
import { costText } from "./prices";

/** Returns the summary that a terminal shows: totals, the smallest destination, and what blocks. */
export function assessmentText(
  { totals, sufficient, engineVersion, databases, costs }: Assessment,
  digest: string,
): string {
  const { ready, attention, blocked, dataBytes, logBytes, backupBytes, neededBytes } = totals;
  const [smallest] = sufficient;
  const smaller = sufficient.find(({ edition }) => edition !== smallest?.edition);
  const alternative = smaller === undefined ? "" : `, or ${smaller.engineVersion} for a smaller edition`;
  const parts = [`data ${formatBytes(dataBytes)}`, `log ${formatBytes(logBytes)}`];
  if (backupBytes > 0) parts.push(`backups ${formatBytes(backupBytes)}`);
  const blocks = databases.flatMap(({ database, blocks: all }) =>
    all.map(({ code, what }) => `blocked: ${database}: ${code === undefined ? "" : `${code}: `}${what}`),
  );
  const lines = [
    `${counted(totals.databases, "database")}: ${ready} ready, ${counted(attention, "needs attention", "need attention")}, ${blocked} blocked`,
    `smallest sufficient destination: ${smallest === undefined ? "none takes all databases" : `${smallest.engineVersion} (${smallest.product})${alternative}`}`,
    ...(engineVersion === smallest?.engineVersion ? [] : [`assessed for: ${engineVersion}`]),
    `disk, at least: ${formatBytes(neededBytes)} (${parts.join(", ")}, and a margin)`,
    ...(costs?.destinations ?? []).map(
      (each) => `monthly cost of ${each.engineVersion}: ${costText(each, costs?.currency ?? "")}`,
    ),
    ...blocks,
    `SHA-256 of the assessment: ${digest}`,
  ];
  return lines.map(terminalLine).join("\n");
}
