import { lsnFromParts } from "../../provider/backup/lsn";
import { type BackupSpec, guidFrom, minuteAfter, type WrittenType } from "./backup-spec";

const VLF = 34;
const FIRST_BLOCK = 1000;
const BLOCKS_PER_STEP = 100;
/** Log blocks between the checkpoint and the end of a data backup, written while the backup ran. */
const BLOCKS_WHILE_BACKING_UP = 16;
const MINUTES_PER_STEP = 15;

const lsnAt = (block: number, slot = 1): bigint => lsnFromParts({ vlf: VLF, block, slot });

/**
 * Creates the specs of a consistent backup history: each log backup starts where the previous one ended, each differential is
 * based on the preceding full backup, and backups are 15 minutes apart. `common` applies to all of them.
 */
export function backupSeries(
  common: Omit<BackupSpec, "type"> & { startDate: string },
  types: readonly WrittenType[],
): BackupSpec[] {
  let logFrom = lsnAt(FIRST_BLOCK, 37);
  let full: { setGuid: string; checkpointLsn: bigint } | undefined;
  return types.map((type, step) => {
    const block = FIRST_BLOCK + step * BLOCKS_PER_STEP;
    const startDate = minuteAfter(common.startDate, step * MINUTES_PER_STEP);
    const backupSetGuid = guidFrom(`set/${common.databaseName}/${startDate}/${type}`);
    const own = { ...common, type, startDate, backupSetGuid, finishDate: minuteAfter(startDate) };
    if (type === "log") {
      const firstLsn = logFrom;
      logFrom = lsnAt(block);
      return {
        ...own,
        firstLsn,
        lastLsn: logFrom,
        checkpointLsn: full?.checkpointLsn ?? firstLsn,
        databaseBackupLsn: full?.checkpointLsn ?? null,
        differentialBaseGuid: full?.setGuid ?? null,
      };
    }
    const checkpointLsn = lsnAt(block, 37);
    const databaseBackupLsn = full?.checkpointLsn ?? null;
    const differentialBaseGuid = full?.setGuid ?? null;
    if (type === "full") full = { setGuid: backupSetGuid, checkpointLsn };
    return {
      ...own,
      firstLsn: checkpointLsn,
      lastLsn: lsnAt(block + BLOCKS_WHILE_BACKING_UP),
      checkpointLsn,
      databaseBackupLsn,
      differentialBaseGuid,
    };
  });
}
