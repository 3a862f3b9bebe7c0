import { GrowingPause } from "./growing-pause";

/** Milliseconds. The first pause between two lines of a database whose task only changes its words; it doubles each time. */
const WORDS_PAUSE_MS = 60_000;

/**
 * Decides which lines about running tasks are logged. A terminal that is not interactive prints every line, so their number is
 * bounded: each database has one for each status and a few for the service's words, and the summary comes ever less often.
 */
export class ProgressLines {
  private readonly pause: GrowingPause;
  private readonly rows = new Map<string, { status: string; words: string; loggedMs: number; pauseMs: number }>();

  constructor(startMs: number) {
    this.pause = new GrowingPause(startMs);
  }

  /** Whether the row of a database gets a line now. The first call only records what the row shows already. */
  isRowDue(database: string, status: string, words: string, nowMs: number): boolean {
    const row = this.rows.get(database);
    if (row === undefined) {
      this.rows.set(database, { status, words, loggedMs: nowMs, pauseMs: WORDS_PAUSE_MS });
      return false;
    }
    const isNewStatus = row.status !== status;
    if (!isNewStatus && (row.words === words || nowMs < row.loggedMs + row.pauseMs)) return false;
    Object.assign(row, { status, words, loggedMs: nowMs, pauseMs: isNewStatus ? row.pauseMs : row.pauseMs * 2 });
    return true;
  }

  /** Whether the summary of all databases is logged now; the last one always is. */
  isSummaryDue(nowMs: number, isLast: boolean): boolean {
    return this.pause.isOver(nowMs) || isLast;
  }
}
