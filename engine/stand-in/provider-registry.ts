import { UNKNOWN } from "./property-value";
import type { Provider } from "./provider";
import type { ResourceState } from "./resource-state";
import { formatReference, packageOf, parseReference } from "./urn";

/** Creates the provider of a package, configured with the inputs of its resource (`pulumi:providers:PACKAGE`). */
export type ProviderFactory = (packageName: string, resource: ResourceState) => Promise<Provider>;

/** The providers of one run. Each one starts at its first use. */
export class ProviderRegistry {
  readonly #resources = new Map<string, ResourceState>();
  readonly #started = new Map<string, Promise<Provider>>();

  constructor(
    private readonly make: ProviderFactory,
    private readonly recorded: { resources: readonly ResourceState[] },
  ) {}

  /** Adds a provider, or replaces the one with the same reference. */
  add(resource: ResourceState): void {
    const reference = formatReference({ urn: resource.urn, id: resource.id ?? UNKNOWN });
    this.#resources.set(reference, resource);
  }

  /** @throws Error when neither this run nor the state has the provider, or when its package is not supported */
  async get(reference: string): Promise<Provider> {
    const started = this.#started.get(reference);
    if (started) return started;
    const { urn, id } = parseReference(reference);
    const resource =
      this.#resources.get(reference) ?? this.recorded.resources.find((state) => state.urn === urn && state.id === id);
    if (!resource) throw new Error(`unknown provider ${reference}`);
    const provider = this.make(packageOf(resource.type), resource);
    this.#started.set(reference, provider);
    return provider;
  }

  async cancel(): Promise<void> {
    await this.#each((provider) => provider.cancel());
  }

  async close(): Promise<void> {
    await this.#each((provider) => provider.close());
  }

  async #each(action: (provider: Provider) => Promise<void>): Promise<void> {
    const started = await Promise.allSettled(this.#started.values());
    await Promise.allSettled(started.map((item) => (item.status === "fulfilled" ? action(item.value) : undefined)));
  }
}
