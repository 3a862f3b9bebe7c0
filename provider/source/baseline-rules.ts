import type { BaselineRule } from "./rules/baseline-rule";
import { FEATURES } from "./rules/features";
import { OBSTACLES } from "./rules/obstacles";
import { SERVER } from "./rules/server";
import { STATE } from "./rules/state";

/** All rules for a database of a baseline, obstacles first. */
export const BASELINE_RULES: readonly BaselineRule[] = [...OBSTACLES, ...FEATURES, ...STATE, ...SERVER];
