import type { CredentialSource, Credentials } from "../object-store";

/** The keys are renewed this long before they expire, so that none expires during a request. */
const RENEW_EARLY_MS = 5 * 60_000;
/** Pause after a renewal that failed, so that not every request waits for another one. */
const RETRY_AFTER_MS = 30_000;

/**
 * Temporary keys, kept until shortly before they expire. A renewal that fails while they are valid is tried again until they
 * expire; only then is its reason the error. Keys without an expiry are fetched at each call.
 */
export function keptKeys(fetchKeys: CredentialSource["get"]): CredentialSource {
  let held: Credentials | undefined;
  let renewAtMs = 0;
  /** The call in flight: five hundred migrations that start at once fetch the keys once. */
  let pending: Promise<Credentials> | undefined;
  const renew = (options?: { fresh?: boolean }): Promise<Credentials> => {
    pending ??= fetchKeys(options)
      .then((keys) => {
        held = keys;
        renewAtMs = (keys.expiresAtMs ?? 0) - RENEW_EARLY_MS;
        return keys;
      })
      .finally(() => {
        pending = undefined;
      });
    return pending;
  };
  const validKeys = (): Credentials | undefined =>
    held !== undefined && (held.expiresAtMs ?? 0) > Date.now() ? held : undefined;
  return {
    async get(options) {
      // The service has refused the held keys, so they are not worth returning.
      if (options?.fresh) return renew(options);
      const valid = validKeys();
      if (valid !== undefined && Date.now() < renewAtMs) return valid;
      try {
        return await renew(options);
      } catch (error) {
        const keys = validKeys();
        if (keys === undefined) throw error;
        renewAtMs = Date.now() + RETRY_AFTER_MS;
        return keys;
      }
    },
  };
}
