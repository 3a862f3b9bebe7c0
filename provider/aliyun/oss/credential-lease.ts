import type { CredentialSource, Credentials } from "../object-store";

/** Temporary keys are fetched again when they expire within this time. */
const RENEW_BEFORE_MS = 5 * 60_000;
/** Shortest pause between two fetches: a source without newer keys is not queried for every part. */
const FETCH_AGAIN_AFTER_MS = 30_000;

/** The current keys, fetched again before they expire. Concurrent callers share one fetch. */
export class CredentialLease {
  private held: { credentials: Credentials; fetchedAtMs: number } | undefined;
  private pending: Promise<Credentials> | undefined;

  constructor(
    private readonly source: CredentialSource,
    private readonly now: () => number,
  ) {}

  async current(): Promise<Credentials> {
    const held = this.held;
    if (held !== undefined && !this.isDue(held)) return held.credentials;
    return this.fetch(false);
  }

  /** Replaces keys that the service refused. @returns whether other keys are current now */
  async renew(refused: Credentials): Promise<boolean> {
    const held = this.held?.credentials;
    // Another part may have met the same refusal and already renewed the keys.
    if (held !== undefined && !isSame(held, refused)) return true;
    return !isSame(await this.fetch(true), refused);
  }

  private isDue(held: { credentials: Credentials; fetchedAtMs: number }): boolean {
    const { expiresAtMs } = held.credentials;
    if (expiresAtMs === undefined) return false;
    return expiresAtMs - this.now() < RENEW_BEFORE_MS && this.now() - held.fetchedAtMs > FETCH_AGAIN_AFTER_MS;
  }

  private fetch(fresh: boolean): Promise<Credentials> {
    this.pending ??= this.source
      .get({ fresh })
      .then((credentials) => {
        this.held = { credentials, fetchedAtMs: this.now() };
        return credentials;
      })
      .finally(() => {
        this.pending = undefined;
      });
    return this.pending;
  }
}

const isSame = (a: Credentials, b: Credentials): boolean =>
  a.accessKeyId === b.accessKeyId && a.accessKeySecret === b.accessKeySecret && a.securityToken === b.securityToken;
