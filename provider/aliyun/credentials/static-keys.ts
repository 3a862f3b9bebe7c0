import type { Credentials } from "../object-store";
import type { Settings } from "../settings";
import { cleanKey } from "./key-values";
import { type NamedSource, SourceFault } from "./source-fault";

/** Where keys that are written down come from. */
interface KeyVariables {
  id: string;
  secret: string;
  tokens: readonly string[];
}

type ReadValue = (name: string) => string | undefined;

/** In their order of precedence, as the alicloud provider reads them. */
const ENVIRONMENT: readonly KeyVariables[] = [
  { id: "ALICLOUD_ACCESS_KEY", secret: "ALICLOUD_SECRET_KEY", tokens: ["ALICLOUD_SECURITY_TOKEN"] },
  {
    id: "ALIBABA_CLOUD_ACCESS_KEY_ID",
    secret: "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    tokens: ["ALIBABA_CLOUD_SECURITY_TOKEN"],
  },
  {
    id: "ALIBABACLOUD_ACCESS_KEY_ID",
    secret: "ALIBABACLOUD_ACCESS_KEY_SECRET",
    tokens: ["ALIBABACLOUD_SECURITY_TOKEN"],
  },
];
/** Of the vendor's own uploader. */
const UPLOADER: KeyVariables = {
  id: "OSS_ACCESS_KEY_ID",
  secret: "OSS_ACCESS_KEY_SECRET",
  tokens: ["OSS_SESSION_TOKEN", "OSS_SECURITY_TOKEN"],
};
const CONFIGURATION: KeyVariables = {
  id: "alicloud:accessKey",
  secret: "alicloud:secretKey",
  tokens: ["alicloud:securityToken"],
};

/** The keys of the stack's configuration. */
export const configuredKeys = (settings: Settings): NamedSource =>
  staticKeys("the stack's configuration", [CONFIGURATION], (name) => settings.config(name));

/** The keys of the environment. */
export const environmentKeys = (settings: Settings, forUploads: boolean): NamedSource =>
  staticKeys("the environment", forUploads ? [...ENVIRONMENT, UPLOADER] : ENVIRONMENT, (name) => settings.env(name));

/** Read at each call, so that keys which are rotated while a migration waits are used at once. */
function staticKeys(place: string, sets: readonly KeyVariables[], read: ReadValue): NamedSource {
  return {
    place,
    async get() {
      const found = sets.map((set) => readSet(set, read)).find((keys) => keys !== undefined);
      if (found === undefined) throw faultOf(sets, read);
      return found;
    },
  };
}

function readSet({ id, secret, tokens }: KeyVariables, read: ReadValue): Credentials | undefined {
  const [accessKeyId, accessKeySecret] = [id, secret].map((name) => read(name)?.trim());
  if (!accessKeyId || !accessKeySecret) return undefined;
  const token = tokens.map((name) => read(name)?.trim()).find((value) => value);
  return {
    accessKeyId: cleanKey(id, accessKeyId),
    accessKeySecret: cleanKey(secret, accessKeySecret),
    ...(token ? { securityToken: cleanKey(tokens.join(" or "), token) } : {}),
  };
}

function faultOf(sets: readonly KeyVariables[], read: ReadValue): SourceFault {
  const isSet = (name: string): boolean => Boolean(read(name)?.trim());
  for (const { id, secret } of sets) {
    if (isSet(id)) return new SourceFault(`${id} is set, but ${secret} is not`);
    if (isSet(secret)) return new SourceFault(`${secret} is set, but ${id} is not`);
  }
  const names = (each: readonly KeyVariables[]) => each.map(({ id, secret }) => `${id} with ${secret}`).join(", ");
  if (sets.includes(CONFIGURATION)) return new SourceFault(`unset: ${names(sets)}`, "unset");
  // The same text for uploads and for other calls, so that a preview reports one cause once.
  return new SourceFault(`unset: ${names(ENVIRONMENT)} (for uploads also ${names([UPLOADER])})`, "unset");
}
