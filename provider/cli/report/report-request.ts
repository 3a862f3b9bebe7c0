/** The options of `report`. */
export interface ReportRequest {
  /** Files, or `-` for stdin. @default the output of `pulumi stack export` */
  state?: readonly string[];
  stack?: string;
  json?: boolean;
  /** Where to write the page. */
  html?: string;
  /** Writes the page every so many seconds until the run has ended. */
  watch?: string;
  /** What `pulumi up --event-log` writes: its end is the end of the run. */
  eventLog?: string;
}
