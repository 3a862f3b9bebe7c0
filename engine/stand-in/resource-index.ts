import type { EventSink } from "./event-sink";
import { type Goal, knownUrns } from "./goal";
import type { ResourceState } from "./resource-state";
import { Reported } from "./run-errors";
import { createUrn, isProviderType, ROOT_STACK_TYPE, type Urn } from "./urn";

/** The resources of the last run, and the URNs that this run has registered, including renames. */
export class ResourceIndex {
  #rootUrn: Urn | undefined;
  readonly #seen = new Set<Urn>();
  readonly #renamedTo = new Map<Urn, Urn>();
  readonly #renamedFrom = new Map<Urn, Urn>();

  constructor(
    private readonly stack: { project: string; stack: string; targets: ReadonlySet<Urn> },
    /** The records of the last run; a refresh replaces them. */
    public resources: readonly ResourceState[],
    private readonly events: EventSink,
  ) {}

  get rootUrn(): Urn | undefined {
    return this.#rootUrn;
  }

  /** Old URN → new URN of resources that were found by an alias. */
  get renames(): ReadonlyMap<Urn, Urn> {
    return this.#renamedTo;
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
    const old = this.#find({ ...goal, parent }, urn);
    this.#seen.add(urn);
    if (goal.type === ROOT_STACK_TYPE) this.#rootUrn = urn;
    return { urn, parent, old };
  }

  /** The record of the last run, excluding records that are pending deletion. */
  recorded(urn: Urn): ResourceState | undefined {
    return this.resources.find((state) => state.urn === urn && !state.delete);
  }

  /** Whether the program has registered the resource, under this URN or its new one. */
  isSeen(urn: Urn): boolean {
    return this.#seen.has(this.#renamedTo.get(urn) ?? urn);
  }

  /** Whether the resource is targeted; providers and the stack always are. */
  isTargeted(state: Pick<ResourceState, "urn" | "type">): boolean {
    const { targets } = this.stack;
    return targets.size === 0 || targets.has(state.urn) || isParentless(state.type);
  }

  #find(goal: Goal, urn: Urn): ResourceState | undefined {
    const aliasOf = (parent: Urn): Urn | undefined => this.#renamedFrom.get(parent);
    for (const known of knownUrns(goal, urn, { ...this.stack, aliasOf })) {
      const old = this.recorded(known);
      if (!old) continue;
      if (known !== urn) {
        this.#renamedTo.set(known, urn);
        this.#renamedFrom.set(urn, known);
      }
      return old;
    }
    return undefined;
  }
}

const isParentless = (type: string): boolean => type === ROOT_STACK_TYPE || isProviderType(type);
