import { isMigrationError } from "../errors/migration-error";
import type { NewDatabase } from "../model/new-database";
import type { Member, MemberFindings, OutcomeInputs } from "../model/outcome";
import { siblingUrn } from "../model/resource-type";
import { checkCount, checkSpace, notRestoredYet } from "../preflight/space";
import type { HandlerContext } from "../session/handler-context";
import { SHARED_FACTS_MAX_AGE_MS } from "../session/lookups";
import type { Session } from "../session/session";

/** The URN of a migration that has the same parent as the outcome. */
export const memberUrn = (outcomeUrn: string, name: string): string =>
  siblingUrn(outcomeUrn, "DatabaseMigration", name);

/** Returns the findings of check about the migrations of this run. */
export const memberFindings = (
  { session, urn }: HandlerContext,
  members: readonly Pick<Member, "name" | "database">[],
): MemberFindings[] =>
  members.flatMap(({ name, database }) => {
    const reasons = session.run.findings.get(memberUrn(urn, name)) ?? [];
    return reasons.length === 0 ? [] : [{ database, reasons: [...reasons] }];
  });

/** Adds to the findings about the migrations those about the sum of the databases that they add. */
export async function withTotals(
  { session }: HandlerContext,
  inputs: Partial<OutcomeInputs>,
): Promise<MemberFindings[]> {
  const { findings = [] } = inputs;
  const reported = new Set(findings.flatMap(({ reasons }) => reasons.map(codeOf)));
  const totals = await checkTotals(session, inputs);
  const unreported = totals.filter((message) => !reported.has(codeOf(message)));
  return unreported.length === 0 ? findings : [...findings, { reasons: unreported }];
}

const codeOf = (message: string): string => message.slice(0, message.indexOf(":"));

/**
 * Checks the sum of all databases that this run adds to the instance, when all are known. Sends no request when no database is
 * new. The migrations have already logged failed requests as "not checked".
 */
async function checkTotals(session: Session, inputs: Partial<OutcomeInputs>): Promise<string[]> {
  const { instanceId } = inputs;
  if (instanceId === undefined) return [];
  const declared = [...(session.run.newDatabases.get(instanceId)?.values() ?? [])];
  if (declared.length === 0) return [];
  try {
    const notBeforeMs = session.clock.now() - SHARED_FACTS_MAX_AGE_MS;
    const [facts, databases] = await Promise.all([
      session.lookups.instance(inputs, instanceId),
      session.lookups.databases(inputs, instanceId, notBeforeMs),
    ]);
    const instance = { ...facts, usedBytes: await session.lookups.usedBytes(inputs, facts) };
    const added = notRestoredYet({ declared, databases });
    const free = (instance.storageBytes ?? Infinity) - (instance.usedBytes ?? 0);
    const upTo = (count: number | undefined): NewDatabase[] => added.slice(0, count ?? 0);
    const space = checkSpace({ instance, databases: [], declared: upTo(firstBeyond(added, free)) });
    const most = (instance.maxDatabases ?? Infinity) - databases.length;
    const count = checkCount({ instance, databases, declared: upTo(added.length > most ? Math.max(1, most + 1) : 0) });
    return [...space, ...count].filter(({ severity }) => severity === "error").map(({ message }) => message);
  } catch (error) {
    if (!isMigrationError(error)) throw error;
    return [];
  }
}

/** Returns the number of databases with which their data files first exceed the free space. */
function firstBeyond(added: readonly NewDatabase[], free: number): number | undefined {
  let sum = 0;
  const index = added.findIndex(({ dataBytes }) => {
    sum += dataBytes;
    return sum > free;
  });
  return index < 0 ? undefined : index + 1;
}
