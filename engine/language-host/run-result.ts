import { RunResponse } from "@pulumi/pulumi/proto/language_pb";

/** Exit code of the launcher after the SDK has already logged the error (cmd/run/index.ts of the SDK). */
const ALREADY_REPORTED = 32;

/** The reply to Run: `bail` ends the run without another message. */
export function runResult(code: number | null, signal: NodeJS.Signals | null): RunResponse {
  const response = new RunResponse();
  if (code === ALREADY_REPORTED) response.setBail(true);
  else if (signal) response.setError(`Program was ended by signal ${signal}`);
  else if (code !== 0) response.setError(`Program exited with non-zero exit code: ${code}`);
  return response;
}
