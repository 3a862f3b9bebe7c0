import type { Settings } from "../aliyun/settings";
import { BackupReader } from "../backup-files/backup-reader";
import { DEFAULT_LOCK_TIMES, type LockTimes } from "../model/lock-times";
import type { Log } from "../model/log";
import { type Clients, type ClientTuning, openClients } from "./clients";
import type { Clock } from "./clock";
import { FleetProgress } from "./fleet-progress";
import { type Lookups, openLookups } from "./lookups";
import { openRetryLog } from "./retry-log";
import { RunRecord } from "./run-record";
import { openTransportWarnings } from "./transport-warnings";

/**
 * The shared state of the handlers of one run. A host opens one session for each configuration, and one process serves one
 * `preview`, `up`, `refresh` or `destroy`, so nothing here outlives a run.
 */
export interface Session {
  readonly settings: Settings;
  readonly log: Log;
  readonly clock: Clock;
  readonly clients: Clients;
  readonly lookups: Lookups;
  readonly run: RunRecord;
  /** When the migrations of the run are likely to end. */
  readonly fleet: FleetProgress;
  /** Reads the header of each backup once a run. */
  readonly backups: BackupReader;
  readonly lockTimes: LockTimes;
}

/** Timeouts of the clients and of submission locks; milliseconds, each with its own default. */
export interface SessionTuning extends ClientTuning {
  lockTimes?: Partial<LockTimes>;
}

export function openSession(settings: Settings, log: Log, clock: Clock, tuning: SessionTuning = {}): Session {
  const clients = openClients(settings, tuning, {
    retries: openRetryLog(log, clock),
    warnings: openTransportWarnings(settings, log),
  });
  const run = new RunRecord();
  const fleet = new FleetProgress(run.newDatabases, clock);
  return {
    ...{ settings, log, clock, clients, run, fleet },
    lookups: openLookups(clients, clock, (instanceId, tasks) => fleet.recordTasks(instanceId, tasks)),
    backups: new BackupReader(),
    lockTimes: { ...DEFAULT_LOCK_TIMES, ...tuning.lockTimes },
  };
}
