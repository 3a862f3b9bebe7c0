import type { AnswerOverride } from "../emulator/profile";

/** Makes the emulator refuse an action, where its parameters are these. */
export const refuseCall = (
  service: "rds" | "oss",
  action: string,
  { status, code }: { status: number; code: string },
  params?: Record<string, string>,
): AnswerOverride => ({
  fault: { match: { service, action, params }, effect: { kind: "refuse", status, code } },
});
