import type { JournalEntry } from "../emulator/world";

/** The observable result of a run. */
export interface Evidence {
  journal: readonly JournalEntry[];
  /** The objects in the bucket after the run. */
  objects: readonly { key: string; crc64: string }[];
  unfinishedUploads: number;
  /** CRC-64 of each backup that the program names. */
  backupCrcs: ReadonlySet<string>;
  /** All text that was recorded, logged or thrown. */
  output: string;
  /** Texts that must not appear in `output`. */
  secrets: readonly string[];
  /** Whether the program permits it (`onDestroy: "stop"`). */
  mayTerminate?: boolean;
  /** The service reported wrong properties of the object, so the provider may delete it and upload it again. */
  mayUploadAgain?: boolean;
  /** Maximum number of part bytes that the service may have accepted: the file sizes plus the parts in flight at a failure. */
  maxPartBytes?: number;
}

const isLock = (key: string): boolean => key.endsWith(".claim");
const keyOf = ({ detail }: JournalEntry): string => String(detail.key ?? "");

/** Describes each guarantee of docs/explanation/design.md and README that the run broke; empty when all hold. */
export function brokenInvariants(evidence: Evidence): string[] {
  return [
    ...duplicateTasks(evidence.journal),
    ...forbiddenCalls(evidence),
    ...wrongObjects(evidence),
    ...leftovers(evidence),
    ...leakedSecrets(evidence),
  ];
}

/** Each destination has at most one live task: running, waiting, or successful with an existing database. */
function duplicateTasks(journal: readonly JournalEntry[]): string[] {
  const live = new Map<string, Set<string>>();
  const broken: string[] = [];
  for (const { action, detail } of journal) {
    if (action !== "taskStatus" && action !== "databaseStatus") continue;
    const destination = `${detail.instanceId}/${String(detail.dbName).toLowerCase()}`;
    const tasks = live.get(destination) ?? new Set();
    live.set(destination, tasks);
    const taskId = String(detail.taskId);
    if (action === "databaseStatus") {
      if (detail.status === "removedByControl") tasks.clear();
      continue;
    }
    if (detail.status === "Failed") tasks.delete(taskId);
    else if (!tasks.has(taskId) && tasks.add(taskId).size > 1)
      broken.push(`${destination} has ${tasks.size} live tasks: ${[...tasks].join(", ")}`);
  }
  return broken;
}

function forbiddenCalls({ journal, mayTerminate = false }: Evidence): string[] {
  const forbidden = ["DeleteDatabase", "CreateDatabase", ...(mayTerminate ? [] : ["TerminateMigrateTask"])];
  const sent = journal.filter(({ request, action }) => request > 0 && forbidden.includes(action));
  return sent.map(({ action, request }) => `${action} was called (request ${request})`);
}

/** Each object is created once, equals its file, and is never overwritten or deleted. */
function wrongObjects({ journal, objects, backupCrcs, maxPartBytes, mayUploadAgain = false }: Evidence): string[] {
  const broken = objects
    .filter(({ key, crc64 }) => !isLock(key) && !backupCrcs.has(crc64))
    .map(({ key }) => `${key} is not a copy of a backup`);
  // A reply from a proxy has a status too, but the request never reached the service, so its entry has no key.
  const done = journal.filter(
    (entry) => entry.request > 0 && (entry.status === 200 || entry.status === 204) && keyOf(entry) !== "",
  );
  broken.push(...completedTwice(done, mayUploadAgain).map((key) => `${key} was completed twice`));
  const forbidden = mayUploadAgain ? ["PutObject"] : ["PutObject", "DeleteObject"];
  const writes = done.filter(({ action }) => forbidden.includes(action));
  const wrong = writes.filter((entry) => !isLock(keyOf(entry)));
  broken.push(...wrong.map((entry) => `${entry.action} on ${keyOf(entry)}`));
  const bytes = done
    .filter(({ action }) => action === "UploadPart")
    .reduce((sum, { detail }) => sum + Number(detail.bytes), 0);
  if (maxPartBytes !== undefined && bytes > maxPartBytes)
    broken.push(`the service accepted ${bytes} bytes of parts, but the maximum is ${maxPartBytes}`);
  return broken;
}

/** Keys of uploads that were completed while the object existed. A deleted object may be created again. */
function completedTwice(done: readonly JournalEntry[], mayUploadAgain: boolean): string[] {
  const existing = new Set<string>();
  const twice: string[] = [];
  for (const entry of done) {
    const key = keyOf(entry);
    if (entry.action === "DeleteObject" && mayUploadAgain) existing.delete(key);
    if (entry.action !== "CompleteMultipartUpload") continue;
    if (existing.has(key)) twice.push(key);
    existing.add(key);
  }
  return twice;
}

/** Lock objects and unfinished uploads remain neither billed nor in the way of the next run. */
function leftovers({ objects, unfinishedUploads }: Evidence): string[] {
  const broken = objects.filter(({ key }) => isLock(key)).map(({ key }) => `${key} was not removed`);
  if (unfinishedUploads > 0) broken.push(`${unfinishedUploads} unfinished uploads were not aborted`);
  return broken;
}

function leakedSecrets({ output, secrets }: Evidence): string[] {
  const leaks = secrets
    .filter((secret) => secret !== "" && output.includes(secret))
    .map(() => "the output contains a secret");
  if (/x-oss-signature=|[?&]Signature=/i.test(output)) leaks.push("the output contains a signed URL");
  if (/^\s+at .*\.(?:ts|js):\d+/m.test(output)) leaks.push("the output contains a stack trace with paths");
  return leaks;
}
