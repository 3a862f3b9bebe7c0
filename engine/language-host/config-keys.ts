/** `namespace:config:key`, the engine's long form of a key, becomes `namespace:key`, which the SDK looks up. */
export const configKey = (key: string): string => key.replace(/^([^:]+):config:/, "$1:");

/** The value of `PULUMI_CONFIG`: a JSON object by key. */
export const configJson = (config: Iterable<[string, string]>): string =>
  JSON.stringify(Object.fromEntries([...config].map(([key, value]) => [configKey(key), value])));

/** The value of `PULUMI_CONFIG_SECRET_KEYS`: a JSON list. */
export const secretKeysJson = (keys: readonly string[]): string => JSON.stringify(keys.map(configKey));
