/** Exit statuses, the same for every command. */
export const EXIT = {
  /** The work is done and nothing was found. */
  ok: 0,
  /** A check found something, or the work failed; the reason is on stderr or in the report. */
  findings: 1,
  /** A mistake in the arguments; nothing was done. */
  usage: 2,
} as const;
export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];
