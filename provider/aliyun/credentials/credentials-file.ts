import type { CredentialSource } from "../object-store";
import type { Settings } from "../settings";
import { assumedRole } from "./assumed-role";
import { readConfigText } from "./cli-config";
import { ecsRole } from "./ecs-role";
import { keptKeys } from "./kept-keys";
import { readKeys } from "./key-values";
import { SourceFault } from "./source-fault";

const NAMES = { id: "access_key_id", secret: "access_key_secret", token: "", expiration: "" };

/**
 * The keys of a section of the SDKs' credentials file, `~/.alibabacloud/credentials` unless a variable names another.
 * @see @alicloud/credentials 2.4.7, providers/profile
 */
export function credentialsFile(section: string, file: string, settings: Settings): CredentialSource {
  return keptKeys(async () => sourceOf(await readConfigText(file), section, settings).get());
}

function sourceOf(text: string, section: string, settings: Settings): CredentialSource {
  if (text.trimStart().startsWith("{"))
    throw new SourceFault("the file is JSON; name a file of the aliyun CLI in ALICLOUD_SHARED_CREDENTIALS_FILE");
  const values = readSection(text, section);
  if (values === undefined) throw new SourceFault(`the file has no section [${section}]`, "unset");
  const keys = { get: async () => readKeys(values, NAMES, `the section [${section}]`) };
  switch (values.type) {
    case "access_key":
      return keys;
    case "ecs_ram_role":
      return ecsRole({ roleName: values.role_name });
    case "ram_role_arn": {
      const { role_arn: roleArn, role_session_name: sessionName, policy } = values;
      if (!roleArn) throw new SourceFault(`the section [${section}] has no role_arn`);
      return assumedRole(keys, { roleArn, sessionName, policy }, settings);
    }
    default:
      throw new SourceFault(`the section [${section}] has no type of these: access_key, ecs_ram_role, ram_role_arn`);
  }
}

/** The values of one section of an INI file; undefined without that section. */
function readSection(text: string, section: string): Record<string, string> | undefined {
  let values: Record<string, string> | undefined;
  let isInside = false;
  for (const line of text.split(/\r?\n/)) {
    const header = /^\s*\[(.*)\]\s*$/.exec(line)?.[1];
    if (header !== undefined) isInside = header.trim() === section;
    if (isInside) values ??= {};
    const [, name, value = ""] = /^\s*([^=;#[\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (isInside && values !== undefined && name !== undefined) values[name] = value.replace(/^(["'])(.*)\1$/, "$2");
  }
  return values;
}
