import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import {
  isPropertyMap,
  isSecret,
  mapMembers,
  type PropertyValue,
  SECRET_SIGNATURE,
  SIGNATURE_KEY,
} from "./property-value";
import type { PendingOperation, ResourceState } from "./resource-state";

/** The format of `pulumi stack export` and `pulumi stack import` (apitype.UntypedDeployment, DeploymentV3). */
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

/** The state of one stack with decoded secrets. */
export interface StackState {
  resources: ResourceState[];
  pendingOperations: PendingOperation[];
}

/** The secrets provider whose ciphertext is base64. */
const ENCODING = "b64";

/**
 * The state file of one stack. Every write replaces the whole file atomically, so a killed process leaves the state before or after
 * a step, never a partial one. Secrets are encoded, not encrypted: the state of a demo or a test is deleted with it.
 */
export class StateFile {
  #providers: DeploymentFile["deployment"]["secrets_providers"];

  constructor(
    readonly path: string,
    private readonly engineVersion: string,
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
    const { engineVersion } = this;
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

  /** @throws Error when another run, or a killed run before `pulumi cancel`, holds the lock of the stack */
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
      // The whole value is one text; a secret inside a secret is not encoded again.
      const plain = JSON.stringify(value.value ?? null, (_key, item) => (isSecret(item) ? item.value : item));
      this.#requireEncoding();
      return { [SIGNATURE_KEY]: SECRET_SIGNATURE, ciphertext: Buffer.from(plain).toString("base64") };
    };
    return withValues(state, seal);
  }

  #opened(state: ResourceState): ResourceState {
    const open = (value: PropertyValue): PropertyValue => {
      if (Array.isArray(value)) return value.map(open);
      if (!isPropertyMap(value)) return value;
      if (!isSecret(value) || typeof value.ciphertext !== "string") return mapMembers(value, open);
      this.#requireEncoding();
      const plain: PropertyValue = JSON.parse(Buffer.from(value.ciphertext, "base64").toString("utf8"));
      return { [SIGNATURE_KEY]: SECRET_SIGNATURE, value: plain };
    };
    return withValues(state, open);
  }

  /** A state with secrets cannot move to or from the command, which encrypts them. */
  #requireEncoding(): void {
    const known = this.#providers;
    if (known !== undefined && known.type !== ENCODING) {
      throw new Error(`the state's secrets are encrypted by "${known.type}", which the stand-in engine cannot decrypt`);
    }
    this.#providers = { type: ENCODING };
  }
}

/** Reads the state as stored, with encrypted secrets. */
export function readDeployment(path: string): DeploymentFile {
  const parsed: unknown = JSON.parse(readFileSync(path, "utf8"));
  if (!isDeploymentFile(parsed)) throw new Error(`${path} is not a deployment of version 3`);
  return parsed;
}

export const writeDeployment = (path: string, file: DeploymentFile): void =>
  replaceFile(path, `${JSON.stringify(file, undefined, 4)}\n`);

/** Removes the lock that a killed run left, like `pulumi cancel`. */
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
  return copy;
}
