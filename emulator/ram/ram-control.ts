import { z } from "zod";
import type { Document, World } from "../world";
import { findRole, IMPORT_POLICY, IMPORT_SERVICE, newRole, type RamState, trustPolicyFor } from "./ram-state";

const setRole = z.strictObject({
  name: z.string().min(1),
  /** Services that the trust policy trusts. */
  trustedServices: z.array(z.string()).default([IMPORT_SERVICE]),
  /** The whole trust policy, instead of `trustedServices`. It may be invalid JSON. */
  trustPolicy: z.string().optional(),
  /** Names of attached system policies. */
  policies: z.array(z.string()).default([IMPORT_POLICY]),
});
const removeRole = z.strictObject({ name: z.string() });
const forbidAction = z.strictObject({ action: z.string(), times: z.number().int().positive().optional() });
const nothing = z.strictObject({});

/** Sets the account's roles and permissions. Each control takes one argument, which JSON can represent. */
export interface RamControl {
  /** Creates or replaces a role. */
  setRole(argument: z.input<typeof setRole>): Promise<void>;
  removeRole(argument: z.input<typeof removeRole>): Promise<void>;
  /** Refuses an action (`*`: all actions) with 403 NoPermission, `times` times or until `allowActions`. */
  forbidAction(argument: z.input<typeof forbidAction>): Promise<void>;
  allowActions(argument?: z.input<typeof nothing>): Promise<void>;
}

export function createRamControl(document: Document<RamState>, world: World): RamControl {
  const state = document.value;
  const without = (name: string) => state.roles.filter((role) => role !== findRole(state, name));
  return {
    async setRole(argument) {
      const {
        name,
        trustedServices,
        trustPolicy = trustPolicyFor(trustedServices),
        policies,
      } = setRole.parse(argument);
      const attached = policies.map((policy) => ({
        name: policy,
        type: "System" as const,
        attachedAtMs: world.now(),
      }));
      state.roles = [...without(name), newRole(state, { name, trustPolicy, policies: attached }, world.now())];
      await document.save();
    },
    async removeRole(argument) {
      state.roles = without(removeRole.parse(argument).name);
      await document.save();
    },
    async forbidAction(argument) {
      const { action, times = null } = forbidAction.parse(argument);
      state.forbidden.push({ action, remaining: times });
      await document.save();
    },
    async allowActions(argument = {}) {
      nothing.parse(argument);
      state.forbidden = [];
      await document.save();
    },
  };
}
