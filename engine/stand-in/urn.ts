/** The name of a resource in a stack: `urn:pulumi:STACK::PROJECT::PARENTTYPE$TYPE::NAME`. */
export type Urn = string;

export const ROOT_STACK_TYPE = "pulumi:pulumi:Stack";
const PROVIDER_PREFIX = "pulumi:providers:";

export const isProviderType = (type: string): boolean => type.startsWith(PROVIDER_PREFIX);
export const providerType = (packageName: string): string => PROVIDER_PREFIX + packageName;
/** The package of a type: `alicloud` for `alicloud:oss/bucket:Bucket`, and for the provider's own type. */
export const packageOf = (type: string): string =>
  isProviderType(type) ? type.slice(PROVIDER_PREFIX.length) : (type.split(":")[0] ?? "");

/** The type prefixed with the types of its parents, separated by `$`. */
export const qualifiedTypeOf = (urn: Urn): string => urn.split("::")[2] ?? "";
export const typeOf = (urn: Urn): string => qualifiedTypeOf(urn).split("$").at(-1) ?? "";
/** The name, which may contain `::`. */
export const nameOf = (urn: Urn): string => urn.split("::").slice(3).join("::");

/** Creates a URN. The type of the stack is not part of the types of its children. */
export function createUrn(of: { stack: string; project: string; parent?: Urn; type: string; name: string }): Urn {
  const parentType = of.parent ? qualifiedTypeOf(of.parent) : "";
  const prefix = parentType && parentType !== ROOT_STACK_TYPE ? `${parentType}$` : "";
  return `urn:pulumi:${of.stack}::${of.project}::${prefix}${of.type}::${of.name}`;
}

/** A reference to a provider: its URN and its id. */
export interface ProviderReference {
  urn: Urn;
  id: string;
}

export const formatReference = ({ urn, id }: ProviderReference): string => `${urn}::${id}`;

export function parseReference(text: string): ProviderReference {
  const at = text.lastIndexOf("::");
  return { urn: text.slice(0, at), id: text.slice(at + 2) };
}
