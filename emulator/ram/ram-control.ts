import { z } from "zod";
import type { Document, World } from "../world";
import { findRole, IMPORT_POLICY, IMPORT_SERVICE, newRole, type RamState, trustPolicyFor } from "./ram-state";

const setRole = z.strictObject({
  name: z.string().min(1),
  /** Services that the trust policy names. */
  trustedServices: z.array(z.string()).default([IMPORT_SERVICE]),
  /** The whole trust policy instead, even one that is no JSON. */
  trustPolicy: z.string().optional(),
  /** Names of attached system policies. */
  policies: z.array(z.string()).default([IMPORT_POLICY]),
});
const removeRole = z.strictObject({ name: z.string() });
const forbidAction = z.strictObject({ action: z.string(), times: z.number().int().positive().optional() });
const nothing = z.strictObject({});

/** Sets up the account's roles and permissions; each control takes one JSON-able argument. */
export interface RamControl {
  /** Creates a role, or replaces the one of that name. */
  setRole(argument: z.input<typeof setRole>): Promise<void>;
  removeRole(argument: z.input<typeof removeRole>): Promise<void>;
  /** Answers an action (`*`: every one) with 403 NoPermission, `times` times or until allowed again. */
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
