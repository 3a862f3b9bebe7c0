import { entry } from "./catalogue-entry";

/** Faults of Pulumi's state. */
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
  STACK_EXPORT_FAILED: entry<{ why: string }>({
    summary: () => "`pulumi stack export` failed.",
    details: (e) => [e.why],
    remedy:
      "Run this command in the folder of Pulumi.yaml with a selected stack, or give --stack NAME or --state FILE (`-` reads stdin).",
    retry: "afterFix",
    source: "this project",
  }),
  STACK_STATE_UNREADABLE: entry<{ file: string; fault: string }>({
    summary: (e) => `${e.file} is not the export of a stack.`,
    details: (e) => [`Fault: ${e.fault}.`],
    remedy: "Write it with `pulumi stack export --file FILE`.",
    retry: "afterFix",
    source: "this project",
  }),
};
