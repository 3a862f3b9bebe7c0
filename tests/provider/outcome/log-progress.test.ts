import { taskPollPause } from "../../../provider/decisions/poll-pause";
import type { LogEntry } from "../../../provider/model/log";
import { ResourceLog } from "../../../provider/model/log";
import type { DatabaseOutcome } from "../../../provider/model/outcome";
import { describeProgress, progressLog } from "../../../provider/outcome/log-progress";
import { Fixture } from "../../../testing/fixture";
import { OUTCOME_URN, runInstance, urnOf } from "../support/instance-fixture";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.UTC(2026, 0, 1);

const outcome = (database: string, rest: Partial<DatabaseOutcome> = {}): DatabaseOutcome => ({
  ...{ database, status: "submitted", migrateTaskId: "106131", statusText: "NoStart", warnings: [] },
  ...rest,
});
const running = (database: string, forMs: number): DatabaseOutcome =>
  outcome(database, {
    status: "restoring",
    timeline: { restoreStartedAt: new Date(START - forMs).toISOString() },
  });

describe("the summary", () => {
  test("counts what runs, and names the three that run longest", () => {
    const outcomes = [
      outcome("a", { status: "online" }),
      outcome("b"),
      running("web", 5 * MINUTE),
      running("erp", 2 * HOUR + 10 * MINUTE),
      running("hr", 90_000),
      running("crm", HOUR),
    ];
    expect(describeProgress(outcomes, START)).toBe(
      "1 of 6 databases online, 1 not started, 4 running: erp 2h 10m, crm 1h 0m, web 5m 0s",
    );
  });

  test("has the end, if it is known, within 80 columns", () => {
    const outcomes = [
      ...Array.from({ length: 96 }, (_, index) => outcome(`db${index}`, { status: "online" })),
      ...[running("erp", 2 * HOUR), running("crm", HOUR), running("web", MINUTE), running("hr", MINUTE)],
    ];
    const line = describeProgress(outcomes, START, "done about 14:20, 35 to 50 min");
    expect(line).toBe("96 of 100 databases online; done about 14:20, 35 to 50 min; 4 running: erp 2h 0m");
    expect(line.length).toBeLessThanOrEqual(80);
  });

  test("leaves out what has no number", () => {
    expect(describeProgress([outcome("a", { status: "online" })], START)).toBe("1 of 1 database online");
  });
});

/** Lines of a simulated wait of 5 h for 100 databases, polled as often as the provider does. */
function linesOfFiveHours(wordsOf: (index: number, nowMs: number) => string): LogEntry[] {
  const entries: LogEntry[] = [];
  let nowMs = START;
  const log = { write: (entry: LogEntry) => void entries.push(entry) };
  const session = { log, clock: { now: () => nowMs } } as unknown as Parameters<typeof progressLog>[0]["session"];
  const names = Array.from({ length: 100 }, (_, index) => `db${index}`);
  const members = names.map((database) => ({ name: `erp-${database}`, database }));
  const logProgress = progressLog(
    { session, urn: OUTCOME_URN, log: new ResourceLog(log, OUTCOME_URN) },
    members,
    names.map((name) => outcome(name)),
  );
  const pause = taskPollPause({ firstMs: 10_000 });
  let pauseMs = pause.firstMs;
  let before = "";
  for (; nowMs <= START + 5 * HOUR; nowMs += pauseMs) {
    // Databases start and end one after the other, the last one at the end.
    const outcomes = names.map((name, index): DatabaseOutcome => {
      const endMs = START + ((index + 1) * 5 * HOUR) / 100 - MINUTE;
      const startMs = START + (index * HOUR) / 100;
      if (nowMs >= endMs) return outcome(name, { status: "online", statusText: "Success" });
      if (nowMs < startMs) return outcome(name);
      return { ...running(name, 0), statusText: wordsOf(index, nowMs) };
    });
    logProgress(outcomes);
    const now = JSON.stringify(outcomes);
    pauseMs = pause.next(pauseMs, now !== before);
    before = now;
  }
  return entries;
}

describe("lines of 100 databases over 5 h, all of which a terminal that is not interactive prints", () => {
  const ofOutcome = (lines: readonly LogEntry[]) => lines.filter(({ urn }) => urn === OUTCOME_URN);

  test("two for each database, when it starts and when it ends, and less than 100 summaries", () => {
    const lines = linesOfFiveHours(() => "Running");
    expect(lines.every(({ severity }) => severity === "status")).toBe(true);
    expect(lines.length - ofOutcome(lines).length).toBe(200);
    expect(lines.filter(({ urn }) => urn === urnOf("db7")).map(({ firstLine }) => firstLine)).toEqual([
      "task 106131 Running",
      "task 106131 Success",
    ]);
    expect(ofOutcome(lines).length).toBeLessThanOrEqual(100);
    expect(ofOutcome(lines).length).toBeGreaterThan(50);
  });

  test("at most 10 for each database even if the service's words change at every poll", () => {
    const lines = linesOfFiveHours((_, nowMs) => `Running: ${nowMs}`);
    const counts = new Map<string | undefined, number>();
    for (const { urn } of lines) counts.set(urn, (counts.get(urn) ?? 0) + 1);
    counts.delete(OUTCOME_URN);
    expect(Math.max(...counts.values())).toBeLessThanOrEqual(10);
    expect(lines.length).toBeLessThanOrEqual(1_000);
  });
});

describe("while the outcome waits", () => {
  let fixture: Fixture;
  beforeEach(async () => {
    fixture = await Fixture.open({ taskMs: 600 });
  });
  afterEach(() => fixture.close());

  test("the row of each database shows its task's status", async () => {
    const backup = await fixture.backup("erp.bak", { databaseName: "erp" });
    const { log } = await runInstance(fixture, { databases: { erp: { backup } } });
    const [task] = await fixture.tasks();
    const lines = log
      .filter(({ kind, urn }) => kind === "status" && urn === urnOf("erp"))
      .map(({ message }) => message);
    expect(lines.slice(-2)).toEqual([`task ${task?.id} Running`, expect.stringContaining(`task ${task?.id} Success`)]);
    const summaries = log
      .filter(({ kind, urn }) => kind === "status" && urn === OUTCOME_URN)
      .map(({ message }) => message);
    expect(summaries.at(-1)).toBe("1 of 1 database online");
  });
});
