import type { Finding } from "../model/finding";
import { ResourceLog } from "../model/log";
import type { Member } from "../model/outcome";
import { OUTCOME_SUFFIX } from "../model/provider-text";
import { dedupeFindings } from "../preflight/dedupe-findings";
import type { HandlerContext } from "../session/handler-context";
import { memberUrn } from "./findings";

const LOGGED_AS = { error: "error", warning: "warning", note: "info" } as const;

/**
 * Logs the findings that are about all databases, once, under the InstanceMigration. The outcome is checked after all
 * migrations, so preview and update log the same findings in the same order.
 */
export function logSharedFindings(
  { session, urn }: HandlerContext,
  members: readonly Member[],
  wave: string | undefined,
): void {
  const found = members.flatMap(({ name }) => session.run.sharedFindings.get(memberUrn(urn, name)) ?? []);
  const component = componentUrn(urn, wave);
  const log = new ResourceLog(session.log, component);
  for (const { severity, message } of mergeFindings(found)) {
    const once = `${component}\n${message}`;
    // The waves of an instance find the same.
    if (wave !== undefined && session.run.logged.has(once)) continue;
    session.run.logged.add(once);
    log[LOGGED_AS[severity]](message);
  }
}

/** The URN of the InstanceMigration that declares the outcome; the outcome's own where it has no such parent. */
export function componentUrn(outcomeUrn: string, wave?: string): string {
  const suffix = `${wave === undefined ? "" : `-${wave}`}${OUTCOME_SUFFIX}`;
  const type = outcomeUrn.lastIndexOf("$");
  if (type < 0 || !outcomeUrn.endsWith(suffix)) return outcomeUrn;
  const name = outcomeUrn.slice(outcomeUrn.lastIndexOf("::"), -suffix.length);
  return `${outcomeUrn.slice(0, type)}${name}`;
}

/** The findings of several migrations without repetitions, sorted, because parallel requests fail in any order. */
function mergeFindings(findings: readonly Finding[]): Finding[] {
  const distinct = new Map(findings.map((finding) => [finding.message, finding]));
  const heaviest = [...distinct.values()].filter(
    ({ code, weight }) => !findings.some((other) => other.code === code && (other.weight ?? 0) > (weight ?? 0)),
  );
  return dedupeFindings(heaviest.sort((one, other) => (one.message < other.message ? -1 : 1)));
}
