/** The log line of a preview without a baseline of the source. */
export const NO_BASELINE: unknown = expect.stringMatching(
  /^not checked: the source's collation, encryption \(TDE\) and features of its edition\.\n.*the output of sql\/baseline\.sql as baseline\.json beside the backups/,
);
