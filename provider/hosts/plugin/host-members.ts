import type { PlainObject } from "../../model/plain";
import { markNames, markOutputs, unmarkNames } from "../../model/state-format";
import { isUnknown } from "../../model/unknown";

/** Members of the outputs of a dynamic resource that a plugin does not need: the call has the URN, and the plugin is the provider. */
const DYNAMIC_MEMBERS = ["__provider", "__resourceUrn", "__preview"] as const;

/** Returns inputs or outputs under the names that the handlers use. */
export function readMembers(props: PlainObject): PlainObject {
  const { resourceUrn, preview, __provider, ...members } = unmarkNames(props);
  return members;
}

/** Returns the inputs that `check` returns to the engine, which passes them to the other calls. */
export const writeInputs = (members: PlainObject): PlainObject => markNames(members);

/** Returns the outputs as they are stored. */
export const writeOutputs = (members: PlainObject): PlainObject => markOutputs(members);

/** Returns the refreshed outputs as they are stored. The members of a dynamic resource stay, so that a refresh shows no change. */
export const writeRefreshed = (members: PlainObject, recorded: PlainObject): PlainObject => ({
  ...writeOutputs(members),
  ...Object.fromEntries(DYNAMIC_MEMBERS.filter((name) => name in recorded).map((name) => [name, recorded[name]])),
});

/**
 * Returns a migration's arguments without `access`, the ARN of the role with which RDS reads the backup. It is unknown in a preview
 * while the program creates the role. It only orders the resources, so it is not recorded.
 */
export const withoutAccess = ({ access, ...members }: PlainObject): PlainObject =>
  isUnknown(access) ? { ...members, roleMayNotExistYet: true } : members;
