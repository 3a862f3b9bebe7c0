import type { EventSink } from "./event-sink";
import type { Goal } from "./goal";
import type { ResourceState } from "./resource-state";
import { Reported } from "./run-errors";
import { createUrn, isProviderType, ROOT_STACK_TYPE, type Urn } from "./urn";

/** The resources of the last run, and the URNs that this run has registered. */
export class ResourceIndex {
  #rootUrn: Urn | undefined;
  readonly #seen = new Set<Urn>();

  constructor(
    private readonly stack: { project: string; stack: string },
    /** The records of the last run; a refresh replaces them. */
    public resources: readonly ResourceState[],
    private readonly events: EventSink,
  ) {}

  get rootUrn(): Urn | undefined {
    return this.#rootUrn;
  }

  /**
   * Finds the URN, the parent and the old record of a goal, and marks the URN as registered.
   * @throws Reported when this run has registered the URN before
   */
  resolve(goal: Goal): { urn: Urn; parent: Urn | undefined; old: ResourceState | undefined } {
    const { project, stack } = this.stack;
    const parent = goal.parent || (isParentless(goal.type) ? undefined : this.#rootUrn);
    const urn = createUrn({ project, stack, parent, type: goal.type, name: goal.name });
    if (this.#seen.has(urn)) {
      const message = `Duplicate resource URN '${urn}'; try giving it a unique name`;
      this.events.diagnostic({ severity: "error", urn, message });
      throw new Reported();
    }
    this.#seen.add(urn);
    if (goal.type === ROOT_STACK_TYPE) this.#rootUrn = urn;
    return { urn, parent, old: this.recorded(urn) };
  }

  /** The record of the last run, excluding records that are pending deletion. */
  recorded(urn: Urn): ResourceState | undefined {
    return this.resources.find((state) => state.urn === urn && !state.delete);
  }

  /** Whether the program has registered the resource. */
  isSeen(urn: Urn): boolean {
    return this.#seen.has(urn);
  }
}

const isParentless = (type: string): boolean => type === ROOT_STACK_TYPE || isProviderType(type);
