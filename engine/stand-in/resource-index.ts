import type { EventSink } from "./event-sink";
import { type Goal, knownUrns } from "./goal";
import type { ResourceState } from "./resource-state";
import { Reported } from "./run-errors";
import { createUrn, isProviderType, ROOT_STACK_TYPE, type Urn } from "./urn";

/** What the last run left of the stack, what this run has seen of it, and under which names. */
export class ResourceIndex {
  #rootUrn: Urn | undefined;
  readonly #seen = new Set<Urn>();
  readonly #renamedTo = new Map<Urn, Urn>();
  readonly #renamedFrom = new Map<Urn, Urn>();

  constructor(
    private readonly stack: { project: string; stack: string; targets: ReadonlySet<Urn> },
    /** A refresh puts others in their place. */
    public resources: readonly ResourceState[],
    private readonly events: EventSink,
  ) {}

  get rootUrn(): Urn | undefined {
    return this.#rootUrn;
  }

  /** Old URN → new URN, of resources that were found under an alias. */
  get renames(): ReadonlyMap<Urn, Urn> {
    return this.#renamedTo;
  }

  /**
   * Finds the URN, the parent and the record of what the program wants.
   * @throws when this run has seen the URN before
   */
  claim(goal: Goal): { urn: Urn; parent: Urn | undefined; old: ResourceState | undefined } {
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

  /** The record of the last run; not one that only waits to be deleted. */
  recorded(urn: Urn): ResourceState | undefined {
    return this.resources.find((state) => state.urn === urn && !state.delete);
  }

  /** The program has registered it, under this name or the one that it has now. */
  isSeen(urn: Urn): boolean {
    return this.#seen.has(this.#renamedTo.get(urn) ?? urn);
  }

  /** Providers and the stack always are. */
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
