/** `true` when two sets of names are equal, else a type that `Assert` does not accept. */
export type SameKeys<A extends PropertyKey, B extends PropertyKey> = [A] extends [B]
  ? [B] extends [A]
    ? true
    : { missing: Exclude<B, A> }
  : { unknown: Exclude<A, B> };

/** Compiles only for `true`. */
export type Assert<T extends true> = T;
