import { classifyIncrement, type IncrementInput } from "../../../provider/decisions/classify-increment";

const WAITING = { status: "Waiting", description: "" };
const TOO_RECENT = "The log in this backup set begins at LSN 201, which is too recent to apply to the database.";
const entry = (status: string, description = "") => ({ fileName: "1.trn", status, description, createdAtMs: 0 });

const verdict = (question: Partial<IncrementInput>): string =>
  classifyIncrement({
    task: WAITING,
    entry: undefined,
    sawWork: false,
    waitedMs: 0,
    begunWithinMs: 60_000,
    ...question,
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
    ["failed, whatever its task says", { entry: entry("RestoreFailed", TOO_RECENT) }, "failed"],
    ["ended with its task", { entry: null, task: { status: "Failed", description: TOO_RECENT } }, "failed"],
    ["a downloaded copy that could not be deleted", { entry: entry("DeleteFailed") }, "unclear"],
    ["a word that is new", { entry: entry("Quarantined") }, "unclear"],
  ])("%s", (_what, question, kind) => expect(verdict(question)).toBe(kind));
});

describe("where it does not", () => {
  test.each<[string, Partial<IncrementInput>, string]>([
    ["a task that waits, right behind the call, may not have begun", {}, "pending"],
    ["one that was seen at work and waits again has applied it", { sawWork: true }, "applied"],
    ["one that waits for long enough has applied it unseen", { waitedMs: 60_000 }, "applied"],
    [
      "one that waits and says what is known as a failure has not",
      { sawWork: true, task: { ...WAITING, description: TOO_RECENT } },
      "failed",
    ],
    ["one that has failed has not", { task: { status: "Failed", description: "" } }, "failed"],
    [
      "one whose status is new is waited for",
      { sawWork: true, task: { status: "Pausing", description: "" } },
      "pending",
    ],
  ])("%s", (_what, question, kind) => expect(verdict(question)).toBe(kind));
});
