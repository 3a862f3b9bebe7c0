import type { Attempt } from "../../doctor/permissions";
import { errorLine, isRefused, line, type ReportLine } from "../../doctor/report-line";
import { isMigrationError, type MigrationError, migrationError } from "../../errors/migration-error";
import type { Clock } from "../../session/clock";

/** The longest time of one check, all its calls and their repetitions included; milliseconds. */
export const CHECK_LIMIT_MS = 20_000;

/** A finished check. Without a value, the checks that need it are not tried, because of `reason`. */
export type Checked<T> = { value: T } | { reason: string };

/** What a check found, and what other checks need of it; no value keeps those from being tried. */
export interface LinesAndValue<T> {
  lines: readonly ReportLine[];
  value?: T;
}

/** Checks by the names under which {@link Checklist.run} passes their values on. */
type Needs = Readonly<Record<string, Checked<unknown>>>;
type Values<N extends Needs> = { [Name in keyof N]: N[Name] extends Checked<infer T> ? T : never };

interface Check<N extends Needs = Needs> {
  name: string;
  /** The checks without whose values this one is not tried. */
  needs?: N;
  /** The RAM actions that the check tries. */
  actions?: readonly string[];
}

class ActionRefused extends Error {
  constructor(readonly action: string) {
    super(`${action} is refused`);
  }
}

function asMigrationError(error: unknown): MigrationError {
  if (isMigrationError(error)) return error;
  throw error;
}

/** Runs checks one after the other and keeps their lines. No check throws, and none takes longer than its limit. */
export class Checklist {
  readonly lines: ReportLine[] = [];
  /** How the calls ended, by their RAM action. */
  readonly attempts = new Map<string, Attempt>();

  constructor(
    private readonly clock: Clock,
    private readonly limitMs: number,
  ) {}

  async run<N extends Needs, T>(
    check: Check<N>,
    work: (values: Values<N>) => Promise<LinesAndValue<T>>,
  ): Promise<Checked<T>> {
    const { name } = check;
    const values: Record<string, unknown> = {};
    for (const [key, checked] of Object.entries<Checked<unknown>>(check.needs ?? {})) {
      if ("reason" in checked) return this.skip(check, checked.reason);
      values[key] = checked.value;
    }
    try {
      const { lines, value } = await this.withinLimit(name, () => work(values as Values<N>));
      this.lines.push(...lines);
      return value === undefined ? this.end(check, `because ${name} failed`) : { value };
    } catch (error) {
      if (error instanceof ActionRefused) return this.skip(check, `because ${error.message}`);
      this.lines.push(errorLine(name, error));
      return this.end(check, `because ${name} failed`);
    }
  }

  /** Records that a check was not tried. */
  skip(check: Check, reason: string): { reason: string } {
    this.lines.push(line(check.name, "notTried", reason));
    return this.end(check, reason);
  }

  skipAction(action: string, why: string): void {
    this.attempts.set(action, { kind: "notTried", why });
  }

  /** Tries a RAM action within the limit, only to record whether it is allowed. */
  async attempt(action: string, send: () => Promise<unknown>): Promise<void> {
    try {
      await this.withinLimit(action, () => this.call(action, send));
    } catch (error) {
      // A refusal and a failed call are recorded already.
      if (!this.attempts.has(action)) this.attempts.set(action, { kind: "failed", error: asMigrationError(error) });
    }
  }

  /** Sends the call of one RAM action and records how it ended. */
  async call<T>(action: string, send: () => Promise<T>): Promise<T> {
    try {
      const value = await send();
      this.attempts.set(action, { kind: "allowed" });
      return value;
    } catch (error) {
      if (!isMigrationError(error)) throw error;
      this.attempts.set(action, { kind: "failed", error });
      throw isRefused(error) ? new ActionRefused(action) : error;
    }
  }

  private end({ actions = [] }: Check, reason: string): { reason: string } {
    for (const action of actions) if (!this.attempts.has(action)) this.skipAction(action, reason);
    return { reason };
  }

  private async withinLimit<T>(name: string, work: () => Promise<T>): Promise<T> {
    const ended = new AbortController();
    const limit = this.clock.sleep(this.limitMs, ended.signal).then(() => {
      const said = `the time limit of ${this.limitMs / 1000} s for one check`;
      throw migrationError("NO_ANSWER", { operation: `the check "${name}"`, host: "the service", said });
    });
    // The clock also resolves when the work has ended first; nobody waits for the limit then.
    limit.catch(() => undefined);
    try {
      return await Promise.race([work(), limit]);
    } finally {
      ended.abort();
    }
  }
}
