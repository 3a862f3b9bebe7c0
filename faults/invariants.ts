import type { JournalEntry } from "../emulator/world";

/** What is left of a run when it is over. */
export interface Evidence {
  journal: readonly JournalEntry[];
  /** The objects of the bucket in the end. */
  objects: readonly { key: string; crc64: string }[];
  unfinishedUploads: number;
  /** CRC64 of the backups that the program names. */
  backupCrcs: ReadonlySet<string>;
  /** Everything that was recorded, logged or thrown. */
  said: string;
  /** What must not stand there. */
  secrets: readonly string[];
  /** The program asked for it (`onDestroy: "stop"`). */
  mayTerminate?: boolean;
  /** The service gave a wrong account of the object, so that it was taken away and made once more. */
  mayUploadAgain?: boolean;
  /** Bytes of parts that the service may have taken: the files, and what was in flight when something broke. */
  mostPartBytes?: number;
}

const isClaim = (key: string): boolean => key.endsWith(".claim");
const keyOf = ({ detail }: JournalEntry): string => String(detail.key ?? "");

/** Every promise of design and README that the evidence breaks, in words; none when all hold. */
export function brokenInvariants(evidence: Evidence): string[] {
  return [
    ...doubleTasks(evidence.journal),
    ...touchedDatabases(evidence),
    ...wrongObjects(evidence),
    ...leftovers(evidence),
    ...toldSecrets(evidence),
  ];
}

/** At most one live task for each destination: at work, waiting, or successful with its database there. */
function doubleTasks(journal: readonly JournalEntry[]): string[] {
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

function touchedDatabases({ journal, mayTerminate = false }: Evidence): string[] {
  const forbidden = ["DeleteDatabase", "CreateDatabase", ...(mayTerminate ? [] : ["TerminateMigrateTask"])];
  const asked = journal.filter(({ request, action }) => request > 0 && forbidden.includes(action));
  return asked.map(({ action, request }) => `${action} was asked for (request ${request})`);
}

/** Each object is made once, is equal to its file, and is never written over or deleted. */
function wrongObjects({ journal, objects, backupCrcs, mostPartBytes, mayUploadAgain = false }: Evidence): string[] {
  const broken = objects
    .filter(({ key, crc64 }) => !isClaim(key) && !backupCrcs.has(crc64))
    .map(({ key }) => `${key} is no copy of a backup`);
  // A proxy's page has a status too, but the service saw nothing of the request: no key was read.
  const done = journal.filter(
    (entry) => entry.request > 0 && (entry.status === 200 || entry.status === 204) && keyOf(entry) !== "",
  );
  broken.push(...completedTwice(done, mayUploadAgain).map((key) => `${key} was completed twice`));
  const forbidden = mayUploadAgain ? ["PutObject"] : ["PutObject", "DeleteObject"];
  const writes = done.filter(({ action }) => forbidden.includes(action));
  const wrong = writes.filter((entry) => !isClaim(keyOf(entry)));
  broken.push(...wrong.map((entry) => `${entry.action} on ${keyOf(entry)}`));
  const bytes = done
    .filter(({ action }) => action === "UploadPart")
    .reduce((sum, { detail }) => sum + Number(detail.bytes), 0);
  if (mostPartBytes !== undefined && bytes > mostPartBytes)
    broken.push(`${bytes} bytes of parts were taken, where at most ${mostPartBytes} had to be sent`);
  return broken;
}

/** Keys that were completed while there was such an object: one that was deleted in between may be made again. */
function completedTwice(done: readonly JournalEntry[], mayUploadAgain: boolean): string[] {
  const there = new Set<string>();
  const twice: string[] = [];
  for (const entry of done) {
    const key = keyOf(entry);
    if (entry.action === "DeleteObject" && mayUploadAgain) there.delete(key);
    if (entry.action !== "CompleteMultipartUpload") continue;
    if (there.has(key)) twice.push(key);
    there.add(key);
  }
  return twice;
}

/** Nothing that is billed or in the way stays behind. */
function leftovers({ objects, unfinishedUploads }: Evidence): string[] {
  const broken = objects.filter(({ key }) => isClaim(key)).map(({ key }) => `${key} stays behind`);
  if (unfinishedUploads > 0) broken.push(`${unfinishedUploads} unfinished uploads stay behind`);
  return broken;
}

function toldSecrets({ said, secrets }: Evidence): string[] {
  const told = secrets.filter((secret) => secret !== "" && said.includes(secret)).map(() => "a secret was told");
  if (/x-oss-signature=|[?&]Signature=/i.test(said)) told.push("a signed URL was told");
  if (/^\s+at .*\.(?:ts|js):\d+/m.test(said)) told.push("a stack with paths was told");
  return told;
}
