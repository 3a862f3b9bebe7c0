import { UNRESOLVABLE_PACKAGE } from "../model/unresolvable-package";
import { line, messageLine, type ReportLine } from "./report-line";

/** The Node.js of this process against `engines.node` of package.json, which has the form `>=20`. */
export function checkNode(version: string, range: string): ReportLine {
  const [, needed = "0"] = /^>=(\d+)/.exec(range) ?? [];
  const [, major = "0"] = /^v?(\d+)/.exec(version) ?? [];
  if (Number(major) >= Number(needed)) return line("node", "ok", `${version}; the package needs ${range}`);
  return line("node", "failed", `${version} is too old; the package needs ${range}`, {
    remedy: `Install Node.js ${needed} or newer.`,
  });
}

/** The package as the project's folder resolves it. `version` is undefined where it cannot be resolved. */
export function checkPackage(folder: string, version: string | undefined, ownVersion: string): ReportLine {
  if (version === undefined)
    return line("package", "failed", UNRESOLVABLE_PACKAGE.what, {
      details: [`Folder: ${folder}`],
      remedy: UNRESOLVABLE_PACKAGE.remedy,
    });
  if (version === ownVersion) return line("package", "ok", `version ${version}, resolved from ${folder}`);
  return line("package", "warning", `the project resolves version ${version}; this command is version ${ownVersion}`, {
    details: [`Folder: ${folder}`],
    remedy: "Run npm install in the project, then this command with npx --no from the same folder.",
  });
}

/** What `pulumi version` printed, or why it did not run. */
export function checkPulumi(result: { version: string } | { fault: string }): ReportLine {
  if ("version" in result) return line("pulumi", "ok", result.version);
  return line("pulumi", "failed", result.fault, {
    remedy: "Install the Pulumi CLI (https://www.pulumi.com/docs/install/) and put it on the PATH.",
  });
}

/** What decides which certificates are trusted. */
export interface CertificateFacts {
  /** The value of NODE_EXTRA_CA_CERTS. */
  extraFile: string | undefined;
  /** Why that file cannot be read; undefined where it can. */
  fault: string | undefined;
  /** The warning that verification is switched off. */
  unverified: string | undefined;
}

export function checkCertificates({ extraFile, fault, unverified }: CertificateFacts): ReportLine {
  if (unverified !== undefined) return messageLine("certificates", "warning", unverified);
  if (extraFile === undefined) return line("certificates", "ok", "those of Node.js; NODE_EXTRA_CA_CERTS is not set");
  if (fault === undefined) return line("certificates", "ok", `those of Node.js, and NODE_EXTRA_CA_CERTS: ${extraFile}`);
  return line("certificates", "warning", `NODE_EXTRA_CA_CERTS: ${extraFile} cannot be read; Node.js ignores it`, {
    details: [`Reason: ${fault}.`],
    remedy: "Correct the path, or unset the variable.",
  });
}
