import * as pulumi from "@pulumi/pulumi";
import { VERIFICATION_TYPE } from "../model/provider-text";
import type { Assert, SameKeys } from "../model/same-keys";
import type { VerificationCounts, verificationArguments } from "../model/verification";
import { registrationOf } from "./registration";

/** The arguments of a MigrationVerification. None of them replaces the resource. */
export interface MigrationVerificationArgs {
  /**
   * Path of what `sql/baseline.sql` wrote on the source, or `sql/verify.sql` at the cutover; relative to the folder of Pulumi.yaml.
   * A file with another content is a new comparison.
   */
  source: pulumi.Input<string>;
  /**
   * Path of what `sql/verify.sql` wrote on the destination. Without the file a preview says "not checked", and `up` fails with
   * `VERIFICATION_FILE_MISSING`; the same holds for `source`.
   */
  target: pulumi.Input<string>;
  /** Names of the databases to compare, as on the source. @default all databases of `source` */
  databases?: pulumi.Input<pulumi.Input<string>[]>;
  /** Names on the destination, by the names on the source, of databases that were renamed. @default no database */
  renamed?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * Names of the differences that do not fail the verification, as `VERIFICATION_FAILED` lists them: `ERP/rows/[dbo].[audit]`. A
   * name is accepted whatever the values are. A name that no difference has any more is a warning. @default none
   */
  acceptedDifferences?: pulumi.Input<pulumi.Input<string>[]>;
  /** Whether what a backup does not carry and is left to do, such as a user without its login, fails too. @default false */
  strict?: pulumi.Input<boolean>;
}

/** Does not compile when the public arguments and the schema differ. */
export type ArgumentsAgree = Assert<
  SameKeys<keyof MigrationVerificationArgs, keyof typeof verificationArguments.shape>
>;

/**
 * The comparison of the source with the destination as a gate: what depends on it (DNS, an application stack) is created only when
 * nothing differs that is not accepted. It reads two files and opens no connection. What a script could not read fails like a
 * difference. A preview reports differences as a warning; `up` fails with `VERIFICATION_FAILED`.
 * @see docs/how-to/source-side.md
 *
 * @example
 * const verified = new MigrationVerification("erp-verified", { source: "backups/baseline.json", target: "verify.json" }, { dependsOn: erp });
 * new alicloud.dns.DnsRecord("erp-db", { name: "example.com", hostRecord: "erp-db", type: "CNAME", value: address }, { dependsOn: verified });
 */
export class MigrationVerification extends pulumi.CustomResource {
  /** The resource's type token, for policy packs and aliases. */
  static readonly __pulumiType = VERIFICATION_TYPE;

  /** Numbers of compared databases, and of differences that do not fail the verification. */
  declare readonly counts: pulumi.Output<VerificationCounts>;

  constructor(name: string, args: MigrationVerificationArgs, opts: pulumi.CustomResourceOptions = {}) {
    super(...registrationOf("MigrationVerification", name, { ...args, counts: undefined }, opts));
  }
}
