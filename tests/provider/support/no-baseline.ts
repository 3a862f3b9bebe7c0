/** The log line of a preview without a baseline of the source. */
export const NO_BASELINE: unknown = expect.stringMatching(
  /^not checked: the source's collation, its transparent data encryption \(TDE\), .*sql\/baseline\.sql prints as baseline\.json beside the backups/,
);
