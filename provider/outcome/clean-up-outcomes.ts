import { dbccAnswer } from "../decisions/cleanup";
import { PollPause } from "../decisions/poll-pause";
import { counted } from "../errors/message-text";
import type { DatabaseOutcome, KnownMember } from "../model/outcome";
import { pollUntil } from "../session/poll-until";
import { DBCC_GIVEN_UP_MS, DBCC_PATIENCE_MS } from "../steps/clean-up";
import { deleteUploaded } from "../steps/delete-objects";
import { removeLocks } from "../submission-lock/job-locks";
import { type Following, fetchTasks, pollPauseMs } from "./follow-outcomes";

/** Parallel requests to OSS. */
const PARALLEL_REQUESTS = 8;

/**
 * Deletes what databases that went online have left in the bucket: their submission locks, and with `cleanup: "afterOnline"`
 * the uploaded objects, once DBCC CHECKDB reports no damage. A rehearsal waits for that result too.
 */
export async function cleanUpOutcomes(
  following: Following,
  members: readonly KnownMember[],
  before: readonly DatabaseOutcome[],
  outcomes: readonly DatabaseOutcome[],
): Promise<DatabaseOutcome[]> {
  const ended = outcomes.flatMap((outcome, index) =>
    outcome.status === "online" && before[index]?.status !== "online" ? [members[index]] : [],
  );
  await eachOf(ended, (member) => removeLocksOf(following, member));
  if (following.inputs.cleanup !== "afterOnline") {
    if (!following.inputs.isRehearsal) return [...outcomes];
    return [...(await waitForDbcc(following, outcomes, ({ status }) => status === "online", members))];
  }
  const isDue = (outcome: DatabaseOutcome, index: number): boolean =>
    outcome.status === "online" && outcome.cleanedUp === undefined && members[index]?.uploadedCrc64 !== undefined;
  const answered = await waitForDbcc(following, outcomes, isDue, members);
  const cleaned = [...answered];
  await eachOf([...answered.keys()], async (index) => {
    const outcome = answered[index];
    const member = members[index];
    if (outcome === undefined || member === undefined || !isDue(outcome, index)) return;
    cleaned[index] = await cleanUpOne(following, member, outcome);
  });
  return cleaned;
}

async function removeLocksOf(
  { session, log, inputs, signal }: Following,
  member: KnownMember | undefined,
): Promise<void> {
  if (member?.objectKey === undefined) return;
  await removeLocks(
    { session, log, signal },
    { ...inputs, objectKey: member.objectKey, databaseName: member.database },
  );
}

/** Polls the tasks together until each shows a DBCC result, for at most an hour; fetches once where `up` does not wait. */
async function waitForDbcc(
  following: Following,
  first: readonly DatabaseOutcome[],
  isDue: (outcome: DatabaseOutcome, index: number) => boolean,
  members: readonly KnownMember[],
): Promise<readonly DatabaseOutcome[]> {
  const { session, log, signal, inputs, deadlineMs } = following;
  const { clock } = session;
  const lacksAnswer = (outcome: DatabaseOutcome, index: number): boolean =>
    isDue(outcome, index) &&
    outcome.migrateTaskId !== undefined &&
    dbccAnswer(outcome, members[index]?.checkDb) === "none";
  const { value } = await pollUntil(first, {
    fetchNext: async (previous) => {
      const outcomes = await fetchTasks(following, previous, lacksAnswer, clock.now());
      following.onSeen(outcomes);
      const open = outcomes.filter(lacksAnswer).length;
      log.status(`waiting for DBCC CHECKDB of ${counted(open, "database")}`);
      return outcomes;
    },
    isDone: (outcomes) => !outcomes.some(lacksAnswer),
    fetchesAtOnce: true,
    pause: new PollPause({ firstMs: pollPauseMs(inputs) }),
    deadlineMs: inputs.wait === "submitted" ? 0 : Math.min(deadlineMs, clock.now() + DBCC_PATIENCE_MS),
    clock,
    signal,
  });
  return value;
}

async function cleanUpOne(
  { session, log, inputs }: Following,
  member: KnownMember,
  outcome: DatabaseOutcome,
): Promise<DatabaseOutcome> {
  const { bucket } = inputs;
  const { objectKey, uploadedCrc64, checkDb } = member;
  if (bucket === undefined || objectKey === undefined) return outcome;
  const logInfo = (message: string) => log.info(`${outcome.database}: ${message}`);
  const place = `oss://${bucket}/${objectKey}`;
  const keep = (why: string): DatabaseOutcome => ({
    ...outcome,
    cleanedUp: false,
    warnings: [...outcome.warnings, `${place} was not deleted: ${why}`],
  });
  switch (dbccAnswer(outcome, checkDb)) {
    case "damaged":
      return keep("DBCC CHECKDB found damage in the restored database");
    case "none":
      if ((Date.parse(outcome.finishedAt ?? "") || Infinity) < session.clock.now() - DBCC_GIVEN_UP_MS)
        return keep("DBCC CHECKDB did not answer within a day");
      logInfo(`${place} stays until DBCC CHECKDB has answered; the next pulumi up asks again`);
      return outcome;
    case "sound": {
      const { done, left } = await deleteUploaded(session, inputs, bucket, [{ key: objectKey, crc64: uploadedCrc64 }]);
      for (const message of left) logInfo(message);
      return done ? { ...outcome, cleanedUp: true } : outcome;
    }
  }
}

async function eachOf<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    while (waiting.length > 0) {
      const [next] = waiting.splice(0, 1);
      if (next !== undefined) await run(next);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_REQUESTS }, worker));
}
