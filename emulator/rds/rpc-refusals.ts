import { type RpcCall, RpcFault } from "../world";

/**
 * An action, or `*` for all, that is refused for lack of permission. `remaining` is null when it is refused until
 * `allowActions`.
 */
export interface ForbiddenAction {
  action: string;
  remaining: number | null;
}

/** Whether a rule refuses this call. Counts down the rule's `remaining`. */
export function isForbidden(rules: ForbiddenAction[], action: string): boolean {
  const rule = rules.find((one) => (one.action === "*" || one.action === action) && one.remaining !== 0);
  if (rule === undefined) return false;
  if (rule.remaining !== null) rule.remaining -= 1;
  return true;
}

/** Creates the 403 error of a RAM user without the permission, with the gateway's details. */
export function forbiddenByRam(call: RpcCall, accountId: string): RpcFault {
  const action = `${call.product.toLowerCase()}:${call.action}`;
  const code = call.product === "Ram" ? "NoPermission" : "Forbidden.RAM";
  return new RpcFault(
    403,
    code,
    `User not authorized to operate on the specified resource, or this API doesn't support RAM.`,
    {
      AccessDeniedDetail: {
        AuthAction: action,
        AuthPrincipalType: "SubUser",
        AuthPrincipalOwnerId: accountId,
        PolicyType: "AccountLevelIdentityBasedPolicy",
        NoPermissionType: "ImplicitDeny",
      },
    },
  );
}

/**
 * Creates the error for an unsupported action: the gateway's code for an unknown action, with the emulator's reason.
 */
export function unsupportedAction(call: RpcCall): RpcFault {
  return new RpcFault(
    404,
    "InvalidAction.NotFound",
    `Specified api is not found, please check your url and method. (The emulator does not imitate ${call.product} ${call.action}.)`,
  );
}
