import { entry } from "./catalogue-entry";

/** Faults of what Pulumi's state holds of a resource. */
export const stateErrors = {
  STATE_NEWER: entry<{ resource: string; version: number; known: number }>({
    summary: () => "a newer version of this package wrote this resource's state.",
    details: (e) => [
      `The state of this ${e.resource} has schema version ${e.version}; this version reads up to version ${e.known}.`,
      "Nothing was changed.",
    ],
    remedy:
      "Use the version of pulumi-alicloud-sqlserver-migration that wrote it, or a later one. `pulumi destroy` works.",
    retry: "never",
    source: "this project",
  }),
  STATE_UNREADABLE: entry<{ resource: string; member: string; fault: string }>({
    summary: (e) => `[${e.member}] the resource's state cannot be read.`,
    details: (e) => [`The state of this ${e.resource} is invalid at ${e.member}: ${e.fault}.`, "Nothing was changed."],
    remedy:
      "Restore an earlier state of the stack with `pulumi stack import`, or correct the member in an export. `pulumi destroy` works.",
    retry: "never",
    source: "this project",
  }),
};
