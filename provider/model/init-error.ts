import { type PlainObject, toPlain } from "./plain";

/**
 * Thrown by create and update when something exists in the cloud, but the migration did not reach the requested point. The
 * engine saves `properties` as the resource's state, shows `reasons` and fails the update; the next `up` calls update.
 * `properties` must contain `__provider`, because the host adds it only to results, not to errors.
 * @see https://github.com/pulumi/pulumi `sdk/nodejs/cmd/dynamic-provider/index.ts`, grpcResponseFromError
 */
export class InitError extends Error {
  readonly properties: PlainObject;
  readonly reasons: string[];

  constructor(
    readonly id: string,
    inputs: PlainObject,
    outputs: object,
    reasons: string[],
    cause?: unknown,
  ) {
    super(reasons.join("\n"), { cause });
    this.name = "InitError";
    this.properties = toPlain({ ...inputs, ...outputs });
    this.reasons = reasons;
    this.stack = "";
  }
}
