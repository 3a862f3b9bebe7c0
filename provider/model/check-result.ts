import type { PlainObject } from "./plain";

/** The result of `check`: the inputs to record, and the reasons why they are refused. */
export interface CheckResult {
  inputs: PlainObject;
  failures: { property: string; reason: string }[];
}
