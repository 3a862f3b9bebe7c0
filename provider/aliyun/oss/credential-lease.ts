import type { CredentialSource, Credentials } from "../object-store";

/** Temporary keys are asked for anew when less than this is left of them. */
const RENEW_BEFORE_MS = 5 * 60_000;
/** A source that has nothing newer is not asked for every part. */
const ASK_AGAIN_AFTER_MS = 30_000;

/** The keys in use, asked for again before they run out. Concurrent callers share one question to the source. */
export class CredentialLease {
  private held: { credentials: Credentials; askedAtMs: number } | undefined;
  private pending: Promise<Credentials> | undefined;

  constructor(
    private readonly source: CredentialSource,
    private readonly now: () => number,
  ) {}

  async current(): Promise<Credentials> {
    const held = this.held;
    if (held !== undefined && !this.isDue(held)) return held.credentials;
    return this.ask(false);
  }

  /** Whether there are other keys than `refused`, which the service did not take; they are the current ones from then on. */
  async renew(refused: Credentials): Promise<boolean> {
    const held = this.held?.credentials;
    // Another part may have met the same refusal a moment ago, and newer keys are here already.
    if (held !== undefined && !isSame(held, refused)) return true;
    return !isSame(await this.ask(true), refused);
  }

  private isDue(held: { credentials: Credentials; askedAtMs: number }): boolean {
    const { expiresAtMs } = held.credentials;
    if (expiresAtMs === undefined) return false;
    return expiresAtMs - this.now() < RENEW_BEFORE_MS && this.now() - held.askedAtMs > ASK_AGAIN_AFTER_MS;
  }

  private ask(fresh: boolean): Promise<Credentials> {
    this.pending ??= this.source
      .get({ fresh })
      .then((credentials) => {
        this.held = { credentials, askedAtMs: this.now() };
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
