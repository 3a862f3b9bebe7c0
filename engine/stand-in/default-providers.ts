import type { Goal } from "./goal";
import { type PropertyMap, UNKNOWN } from "./property-value";
import type { Registered } from "./step";
import { formatReference, isProviderType, packageOf, providerType } from "./urn";

/** The package of dynamic resources. Its provider gets the whole configuration; other providers get their own namespace. */
const DYNAMIC = "pulumi-nodejs";

/** The providers of resources without an explicit provider: one for each package and version, created on demand. */
export class DefaultProviders {
  readonly #references = new Map<string, Promise<string>>();

  constructor(
    private readonly config: PropertyMap,
    private readonly register: (goal: Goal) => Promise<Registered>,
  ) {}

  /** `URN::ID` of the provider that manages `goal`; undefined for components and for providers themselves. */
  async referenceFor(goal: Pick<Goal, "type" | "custom" | "provider" | "version">): Promise<string | undefined> {
    if (goal.provider || !goal.custom || isProviderType(goal.type)) return goal.provider;
    const packageName = packageOf(goal.type);
    const name = goal.version ? `default_${goal.version.replace(/[.+-]/g, "_")}` : "default";
    const key = `${packageName} ${name}`;
    const known = this.#references.get(key);
    if (known) return known;
    const reference = this.register(this.#goalOf(packageName, name, goal.version)).then(({ state }) =>
      formatReference({ urn: state.urn, id: state.id ?? UNKNOWN }),
    );
    this.#references.set(key, reference);
    return reference;
  }

  #goalOf(packageName: string, name: string, version: string): Goal {
    const inputs = this.#configOf(packageName);
    return {
      type: providerType(packageName),
      name,
      custom: true,
      inputs: version ? { ...inputs, version } : inputs,
      protect: false,
      dependencies: [],
      version,
      propertyDependencies: {},
      ignoreChanges: [],
      additionalSecretOutputs: [],
      retainOnDelete: false,
    };
  }

  #configOf(packageName: string): PropertyMap {
    if (packageName === DYNAMIC) return this.config;
    const prefix = `${packageName}:`;
    const own = Object.entries(this.config).filter(([key]) => key.startsWith(prefix));
    return Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value]));
  }
}
