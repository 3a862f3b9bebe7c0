import { randomBytes } from "node:crypto";
import { isPropertyMap, type PropertyMap, sameValue, UNKNOWN } from "../stand-in/property-value";
import type { Provider } from "../stand-in/provider";
import { nameOf, typeOf, type Urn } from "../stand-in/urn";
import { accountKind } from "./account";
import { bucketKind } from "./bucket";
import type { Cloud } from "./cloud";
import type { CloudKind } from "./cloud-kind";
import { instanceKind } from "./instance";
import { policyKind } from "./policy";
import { rolePolicyAttachmentKind, userPolicyAttachmentKind } from "./policy-attachment";
import { roleKind } from "./role";

const KINDS: readonly CloudKind[] = [
  bucketKind,
  instanceKind,
  accountKind,
  roleKind,
  policyKind,
  rolePolicyAttachmentKind,
  userPolicyAttachmentKind,
];
const SUFFIX_BYTES = 4;
const SUFFIX_LENGTH = 7;

/** Replaces the alicloud plugin for the few resource types that a migration program needs. It refuses other types with their name. */
export function alicloudProvider(cloud: Cloud): Provider {
  return {
    async check({ urn, olds, news }) {
      const kind = kindOf(urn);
      const unsupported = Object.keys(news).filter((name) => !name.startsWith("__") && !kind.inputs.includes(name));
      return {
        inputs: withName(kind, urn, olds, news),
        failures: unsupported.map((property) => ({
          property,
          reason: `the stand-in engine does not support this input of ${kind.type}`,
        })),
      };
    },

    async diff({ urn, oldInputs, newInputs, ignoreChanges }) {
      const changed = changedInputs(oldInputs, newInputs).filter((name) => !ignoreChanges.includes(name));
      const replaces = changed.filter((name) => kindOf(urn).replaces.includes(name));
      return { changes: changed.length > 0 ? "some" : "none", replaces, deleteBeforeReplace: false };
    },

    async create({ urn, inputs }) {
      const kind = kindOf(urn);
      const id = await kind.create(cloud, inputs);
      return { id, outputs: { ...inputs, ...(await kind.read(cloud, id)) } };
    },

    async read({ urn, id, outputs }) {
      const found = await kindOf(urn).read(cloud, id);
      return found ? { id, outputs: { ...outputs, ...found } } : { id: "" };
    },

    async update({ urn, id, oldInputs, newInputs }) {
      const kind = kindOf(urn);
      await kind.update(cloud, id, newInputs, new Set(changedInputs(oldInputs, newInputs)));
      return { outputs: { ...newInputs, ...(await kind.read(cloud, id)) } };
    },

    delete: ({ urn, id, inputs }) => kindOf(urn).delete(cloud, id, inputs),

    // Computed outputs are assumed to stay the same.
    planUpdate: (oldOutputs, newInputs) => ({ ...oldOutputs, ...newInputs }),

    async cancel() {},
    async close() {},
  };
}

function kindOf(urn: Urn): CloudKind {
  const kind = KINDS.find((known) => known.type === typeOf(urn));
  if (kind) return kind;
  const supported = KINDS.map((known) => known.type).join(", ");
  throw new Error(`the stand-in engine does not support ${typeOf(urn)}; of alicloud it supports ${supported}`);
}

/** Generates a name once and keeps it. */
function withName(kind: CloudKind, urn: Urn, olds: PropertyMap, news: PropertyMap): PropertyMap {
  const { autoName } = kind;
  if (autoName === undefined || news[autoName] !== undefined) return news;
  const kept = olds[autoName];
  const suffix = randomBytes(SUFFIX_BYTES).toString("hex").slice(0, SUFFIX_LENGTH);
  return { ...news, [autoName]: kept ?? `${nameOf(urn).toLowerCase()}-${suffix}` };
}

const changedInputs = (olds: PropertyMap, news: PropertyMap): string[] =>
  [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter(
    (name) => news[name] === UNKNOWN || !sameValue(plain(olds[name]), plain(news[name])),
  );

/** Removes members with a prefix of two underscores, which the SDK adds for its own use. */
const plain = (value: PropertyMap[string] | undefined): PropertyMap[string] | undefined =>
  isPropertyMap(value) ? Object.fromEntries(Object.entries(value).filter(([key]) => !key.startsWith("__"))) : value;
