import type { MigrationInputs } from "../model/inputs";
import { secondsText } from "../model/status-command";

/** What decides whether a database that has not begun may begin now. */
export type WaveInput = Pick<MigrationInputs, "wave" | "gatePassed">;

/**
 * Returns why a database that nothing was sent for has to wait; undefined when it may begin. A gate that is unknown, in a preview,
 * counts as passed: the update knows it. What has begun is never asked: it continues outside its window too.
 */
export function waitReason({ wave, gatePassed }: WaveInput, nowMs: number): string | undefined {
  if (wave === undefined) return undefined;
  const { name, opensAt, closesAt } = wave;
  if (gatePassed === false) return `wave ${name} begins when every database of the wave before it is online`;
  if (opensAt !== undefined && nowMs < Date.parse(opensAt)) return `wave ${name} begins at ${textOf(opensAt)}`;
  if (closesAt !== undefined && nowMs >= Date.parse(closesAt))
    return `the window of wave ${name} closed at ${textOf(closesAt)}; nothing of it begins any more`;
  return undefined;
}

const textOf = (time: string): string => secondsText(Date.parse(time));
