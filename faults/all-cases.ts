import { killCases } from "./cases/f01-kills";
import { networkCases } from "./cases/f02-network";
import { stormCases } from "./cases/f03-storms";
import { garbledCases } from "./cases/f04-garbled";
import { submissionCases } from "./cases/f05-submission";
import { concurrentRunCases } from "./cases/f06-concurrent-runs";
import { clockCases } from "./cases/f07-clocks";
import { diskCases } from "./cases/f08-disk";
import { backupCases } from "./cases/f09-backups";
import { taskReplyCases } from "./cases/f10-task-replies";
import { tokenCases } from "./cases/f11-tokens";
import { limitCases } from "./cases/f12-limits";
import { lossCases } from "./cases/f13-losses";
import { destroyCases } from "./cases/f14-destroy";
import { realLockTimeCases, stoppedProcessCases } from "./cases/f16-stopped-processes";
import { raceCases } from "./cases/f17-races";
import { stoppedEngineCases } from "./cases/f19-stopped-engine";
import type { FaultCase } from "./fault-case";
import type { TestCloud } from "./test-cloud";

/** Every case of every family, in a stable order. The cases of F1 and F5 are derived from runs without faults in `cloud`. */
export async function allCases(cloud: TestCloud): Promise<FaultCase[]> {
  return [
    ...(await killCases(cloud)),
    ...networkCases(),
    ...stormCases(),
    ...garbledCases(),
    ...(await submissionCases(cloud)),
    ...concurrentRunCases(),
    ...clockCases(),
    ...diskCases(),
    ...backupCases(),
    ...taskReplyCases(),
    ...tokenCases(),
    ...limitCases(),
    ...lossCases(),
    ...destroyCases(),
    ...stoppedProcessCases(),
    ...raceCases(),
    ...realLockTimeCases(),
    ...stoppedEngineCases(),
  ];
}
