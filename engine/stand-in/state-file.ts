import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { type Crypter, newCrypter, openCrypter } from "./passphrase";
import {
  isPropertyMap,
  isSecret,
  mapMembers,
  type PropertyValue,
  SECRET_SIGNATURE,
  SIGNATURE_KEY,
} from "./property-value";
import type { PendingOperation, ResourceState } from "./resource-state";

/** What `pulumi stack export` prints and `pulumi stack import` reads (apitype.UntypedDeployment, DeploymentV3). */
export interface DeploymentFile {
  version: 3;
  deployment: {
    manifest: { time: string; magic: string; version: string };
    secrets_providers?: { type: string; state?: { salt?: string } };
    resources?: ResourceState[];
    pending_operations?: PendingOperation[];
    metadata?: Record<string, unknown>;
  };
}

/** The state of one stack, with its secrets in plain form. */
export interface StackState {
  resources: ResourceState[];
  pendingOperations: PendingOperation[];
}

/**
 * The state of one stack in one file. Every write replaces the whole file at once, so a killed process leaves the state
 * before or after a step, never half of it. Secrets are encrypted under the passphrase; the key, which takes a good part of
 * a second, is only derived when there is a secret.
 */
export class StateFile {
  #crypter: Crypter | undefined;
  #providers: DeploymentFile["deployment"]["secrets_providers"];

  constructor(
    readonly path: string,
    private readonly options: { passphrase: string; engineVersion: string },
  ) {}

  read(): StackState {
    if (!existsSync(this.path)) return { resources: [], pendingOperations: [] };
    const file = readDeployment(this.path);
    this.#providers = file.deployment.secrets_providers;
    return {
      resources: (file.deployment.resources ?? []).map((state) => this.#opened(state)),
      pendingOperations: (file.deployment.pending_operations ?? []).map((operation) => ({
        ...operation,
        resource: this.#opened(operation.resource),
      })),
    };
  }

  write(state: StackState, now: Date): void {
    const resources = state.resources.map((resource) => this.#sealed(resource));
    const pending = state.pendingOperations.map((operation) => ({
      ...operation,
      resource: this.#sealed(operation.resource),
    }));
    const { engineVersion } = this.options;
    const file: DeploymentFile = {
      version: 3,
      deployment: {
        manifest: { time: now.toISOString(), magic: magicOf(engineVersion), version: engineVersion },
        ...(this.#providers ? { secrets_providers: this.#providers } : {}),
        resources,
        ...(pending.length > 0 ? { pending_operations: pending } : {}),
        metadata: {},
      },
    };
    replaceFile(this.path, `${JSON.stringify(file, undefined, 4)}\n`);
  }

  /** @throws when another run holds the stack, or one that was killed held it and `pulumi cancel` was not called since. */
  lock(): () => void {
    mkdirSync(dirname(this.path), { recursive: true });
    const path = lockPath(this.path);
    try {
      writeFileSync(path, JSON.stringify({ pid: process.pid, host: hostname() }), { flag: "wx" });
    } catch (error) {
      throw new Error(
        "the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock " +
          "file with `cancel`.",
        { cause: error },
      );
    }
    return () => rmSync(path, { force: true });
  }

  #sealed(state: ResourceState): ResourceState {
    const seal = (value: PropertyValue): PropertyValue => {
      if (Array.isArray(value)) return value.map(seal);
      if (!isPropertyMap(value)) return value;
      if (!isSecret(value)) return mapMembers(value, seal);
      // One ciphertext for the whole value: what is secret inside a secret needs no second one.
      const plain = JSON.stringify(value.value ?? null, (_key, item) => (isSecret(item) ? item.value : item));
      return { [SIGNATURE_KEY]: SECRET_SIGNATURE, ciphertext: this.#secrets().encrypt(plain) };
    };
    return withValues(state, seal);
  }

  #opened(state: ResourceState): ResourceState {
    const open = (value: PropertyValue): PropertyValue => {
      if (Array.isArray(value)) return value.map(open);
      if (!isPropertyMap(value)) return value;
      if (!isSecret(value) || typeof value.ciphertext !== "string") return mapMembers(value, open);
      const plain: PropertyValue = JSON.parse(this.#secrets().decrypt(value.ciphertext));
      return { [SIGNATURE_KEY]: SECRET_SIGNATURE, value: plain };
    };
    return withValues(state, open);
  }

  #secrets(): Crypter {
    if (this.#crypter) return this.#crypter;
    const known = this.#providers;
    if (known && known.type !== "passphrase") {
      throw new Error(`the state's secrets are kept by "${known.type}", which the stand-in engine cannot ask`);
    }
    const salt = known?.state?.salt;
    this.#crypter = salt ? openCrypter(this.options.passphrase, salt) : newCrypter(this.options.passphrase);
    this.#providers = { type: "passphrase", state: { salt: this.#crypter.salt } };
    return this.#crypter;
  }
}

/** The state as it lies in the file, secrets encrypted. */
export function readDeployment(path: string): DeploymentFile {
  const parsed: unknown = JSON.parse(readFileSync(path, "utf8"));
  if (!isDeploymentFile(parsed)) throw new Error(`${path} is not a deployment of version 3`);
  return parsed;
}

export const writeDeployment = (path: string, file: DeploymentFile): void =>
  replaceFile(path, `${JSON.stringify(file, undefined, 4)}\n`);

/** Lets a stack go that a killed run still holds, as `pulumi cancel` does. */
export const unlock = (statePath: string): void => rmSync(lockPath(statePath), { force: true });

const lockPath = (path: string): string => `${path}.lock`;

const isDeploymentFile = (value: unknown): value is DeploymentFile =>
  typeof value === "object" && value !== null && "version" in value && value.version === 3 && "deployment" in value;

/** `pulumi stack import` refuses a manifest whose magic is not the hash of its version. */
const magicOf = (version: string): string => createHash("sha256").update(version).digest("hex");

function replaceFile(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const fresh = `${path}.${process.pid}.new`;
  writeFileSync(fresh, text);
  renameSync(fresh, path);
}

function withValues(state: ResourceState, change: (value: PropertyValue) => PropertyValue): ResourceState {
  const copy = { ...state };
  if (copy.inputs) copy.inputs = mapMembers(copy.inputs, change);
  if (copy.outputs) copy.outputs = mapMembers(copy.outputs, change);
  if (copy.replacementTrigger !== undefined) copy.replacementTrigger = change(copy.replacementTrigger);
  return copy;
}
