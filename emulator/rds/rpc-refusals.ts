import { type RpcCall, RpcFault } from "../world";

/** Calls refused as if the RAM user lacked the permission: one action or `*`; null `remaining`: until allowed again. */
export interface ForbiddenAction {
  action: string;
  remaining: number | null;
}

/** Whether this call is to be refused; uses up one of a rule's times. */
export function isForbidden(rules: ForbiddenAction[], action: string): boolean {
  const rule = rules.find((one) => (one.action === "*" || one.action === action) && one.remaining !== 0);
  if (rule === undefined) return false;
  if (rule.remaining !== null) rule.remaining -= 1;
  return true;
}

/** 403 of a RAM user without the permission, with the details that the gateway adds. */
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

/** What an action that nobody wrote answers: the gateway's code for an unknown one, with the true reason. */
export function unsupportedAction(call: RpcCall): RpcFault {
  return new RpcFault(
    404,
    "InvalidAction.NotFound",
    `Specified api is not found, please check your url and method. (The emulator does not imitate ${call.product} ${call.action}.)`,
  );
}
