import { entry } from "./catalogue-entry";

/** Faults of what Pulumi's state holds of a resource. */
export const stateErrors = {
  STATE_NEWER: entry<{ resource: string; version: number; known: number }>({
    message: (e) =>
      `The state of this ${e.resource} was written by a newer version of this package.\n` +
      `It has schema version ${e.version}; this version reads up to ${e.known}. Nothing was changed.`,
    remedy:
      "Use the version of pulumi-alicloud-sqlserver-migration that wrote it, or a later one. `pulumi destroy` works.",
    retry: "never",
    source: "this project",
  }),
  STATE_UNREADABLE: entry<{ resource: string; member: string; fault: string }>({
    message: (e) => `[${e.member}] The state of this ${e.resource} cannot be read: ${e.fault}. Nothing was changed.`,
    remedy:
      "Restore the stack from a backup (`pulumi stack history`, `pulumi stack import`), or correct the member in an export. `pulumi destroy` works.",
    retry: "never",
    source: "this project",
  }),
};
