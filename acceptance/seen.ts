/** What a probe found out. */
export interface Seen {
  /** The answer in words, for the table. */
  seen: string;
  /** Whether the service does what is assumed; absent where this instance or account cannot show it. */
  agrees?: boolean;
}
