import type { PlainObject } from "./plain";

/** What `check` answers: the inputs to record, and why they cannot be used. */
export interface CheckResult {
  inputs: PlainObject;
  failures: { property: string; reason: string }[];
}
