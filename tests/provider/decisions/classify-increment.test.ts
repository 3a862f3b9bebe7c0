import { classifyIncrement, type IncrementInput } from "../../../provider/decisions/classify-increment";

const WAITING = { status: "Waiting", description: "" };
const TOO_RECENT = "The log in this backup set begins at LSN 201, which is too recent to apply to the database.";
const entry = (status: string, description = "") => ({ fileName: "1.trn", status, description, createdAtMs: 0 });

const statusKind = (input: Partial<IncrementInput>): string =>
  classifyIncrement({
    task: WAITING,
    entry: undefined,
    sawWork: false,
    waitedMs: 0,
    begunWithinMs: 60_000,
    ...input,
  }).kind;

describe("where the service lists a task's files", () => {
  test.each<[string, Partial<IncrementInput>, string]>([
    ["not listed yet", { entry: null }, "pending"],
    ["listed, and at work", { entry: entry("Restoring") }, "pending"],
    [
      "restored, while the task is still at work",
      { entry: entry("Restored"), task: { ...WAITING, status: "Running" } },
      "pending",
    ],
    ["restored, and the task waits again", { entry: entry("Restored") }, "applied"],
    ["failed, whatever the task's status is", { entry: entry("RestoreFailed", TOO_RECENT) }, "failed"],
    ["failed with its task", { entry: null, task: { status: "Failed", description: TOO_RECENT } }, "failed"],
    ["a downloaded copy that could not be deleted", { entry: entry("DeleteFailed") }, "unclear"],
    ["an unknown status", { entry: entry("Quarantined") }, "unclear"],
  ])("%s", (_what, input, kind) => expect(statusKind(input)).toBe(kind));
});

describe("where the service does not list files", () => {
  test.each<[string, Partial<IncrementInput>, string]>([
    ["a task that waits right after the call may not have started on the file", {}, "pending"],
    ["a task that was at work and waits again has applied the file", { sawWork: true }, "applied"],
    ["a task that waits for long enough has applied the file between two polls", { waitedMs: 60_000 }, "applied"],
    [
      "a task that waits with the description of a known failure has failed",
      { sawWork: true, task: { ...WAITING, description: TOO_RECENT } },
      "failed",
    ],
    ["a failed task has failed", { task: { status: "Failed", description: "" } }, "failed"],
    [
      "a task with an unknown status is pending",
      { sawWork: true, task: { status: "Pausing", description: "" } },
      "pending",
    ],
  ])("%s", (_what, input, kind) => expect(statusKind(input)).toBe(kind));
});
