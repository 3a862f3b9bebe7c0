/** A mistake in the arguments that only the running command can find. */
export class UsageError extends Error {}
