/** One problem, doubt or unknown fact about a migration, found before anything is sent. */
export interface Finding {
  /** An error fails the preview. A warning is shown once. A note is shown once and requires no action. */
  severity: "error" | "warning" | "note";
  /** A code of the catalogue, of a rule of the source's baseline (`SOURCE_…`), or `NOT_CHECKED`. */
  code: string;
  /** The complete message for the user, with code and remedy. */
  message: string;
  /** The parts of a `NOT_CHECKED` message. */
  unchecked?: { what: string; why: string };
  /**
   * The finding is about the instance, the bucket, the account or the source, and not about one database. The outcome of an
   * InstanceMigration logs it once for all databases.
   */
  isShared?: true;
  /** Of the shared findings with one code and a weight, only the heaviest is logged. */
  weight?: number;
}
