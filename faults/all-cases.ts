import type { Arena } from "./arena";
import { killCases } from "./cases/f01-kills";
import type { FaultCase } from "./fault-case";

/** Every case of F1 to F14, in the same order at each call. */
export async function allCases(arena: Arena): Promise<FaultCase[]> {
  return [...(await killCases(arena))];
}
