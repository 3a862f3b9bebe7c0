import { appliedLine, cutoverHeadline, groupCutoverHeadline } from "../decisions/cutover-notice";
import { comparisonSummary } from "../source/comparison-report";
import { sqlName } from "../source/sql-text";
import type { RunbookGroup } from "./runbook-groups";

/** What `sql/backup-databases.sql` prints. */
export const SCRIPT_LINES = {
  checked: "Checked only, nothing was changed: set @is_run to 1 to back up.",
  backingUp: "Backing up",
  backedUp: "backed up",
  closed: (database: string) => `closed: RESTORE DATABASE ${sqlName(database)} WITH RECOVERY opens it again`,
} as const;

/** The row of each last log. */
export const lastLogRows = ({ databases }: RunbookGroup): string =>
  databases.map(({ source }) => `${SCRIPT_LINES.backedUp}  ${SCRIPT_LINES.closed(source)}`).join("\n");

/** The line of a row whose last log is applied; the file and the time differ. */
export const appliedStart = (): string => `${appliedLine("…", 0).split("…")[0]}…`;

/** How the preview of the cutover begins. A row prints one sentence a line. */
export const previewHeadlines = ({ isCutoverGroup, databases }: RunbookGroup): string =>
  isCutoverGroup
    ? groupCutoverHeadline(databases.map(({ database }) => database))
    : databases.map(({ database }) => cutoverHeadline(database, []).replace(". ", ".\n")).join("\n");

/** The last line of a comparison without a difference; what is left to do may differ. */
export const comparisonLine = (compared: number): string => `${comparisonSummary(compared, []).split(",")[0]}, …`;
