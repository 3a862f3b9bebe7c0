import type { CredentialSource, Credentials } from "../object-store";

/** The keys are renewed this long before they expire, so that none expires during a request. */
const RENEW_EARLY_MS = 5 * 60_000;

/** Temporary keys, kept until shortly before they expire. Keys without an expiry are fetched at each call. */
export function keptKeys(fetchKeys: CredentialSource["get"]): CredentialSource {
  let held: Credentials | undefined;
  /** The call in flight: five hundred migrations that start at once fetch the keys once. */
  let pending: Promise<Credentials> | undefined;
  const renew = (options?: { fresh?: boolean }): Promise<Credentials> => {
    pending ??= fetchKeys(options)
      .then((keys) => {
        held = keys;
        return keys;
      })
      .finally(() => {
        pending = undefined;
      });
    return pending;
  };
  return {
    async get(options) {
      const isGood = held !== undefined && (held.expiresAtMs ?? 0) - RENEW_EARLY_MS > Date.now();
      return held !== undefined && isGood && !options?.fresh ? held : renew(options);
    },
  };
}
