import { credentials } from "@grpc/grpc-js";
import { CallbacksClient } from "@pulumi/pulumi/proto/callback_grpc_pb";
import { CallbackInvokeRequest, type CallbackInvokeResponse } from "@pulumi/pulumi/proto/callback_pb";
import { ResourceHookRequest, ResourceHookResponse } from "@pulumi/pulumi/proto/resource_pb";
import type { EventSink } from "./event-sink";
import type { HookType } from "./hook-types";
import type { PropertyMap } from "./property-value";
import type { ResourceState } from "./resource-state";
import { nameOf } from "./urn";
import { toStruct } from "./wire";

/** A hook function of the program, called over gRPC while the program runs. */
export interface Hook {
  name: string;
  target: string;
  token: string;
  onPreview: boolean;
  /** Whether a failure is only a warning. */
  ignoreErrors: boolean;
}

/** The arguments of a hook. */
export interface HookSubject {
  /** The record whose hooks are called: the old one for a delete, else the new one. */
  state: ResourceState;
  newInputs?: PropertyMap;
  oldInputs?: PropertyMap;
  newOutputs?: PropertyMap;
  oldOutputs?: PropertyMap;
}

/** Calls the program's hooks before and after steps. */
export class ResourceHooks {
  readonly #hooks = new Map<string, Hook>();
  readonly #clients = new Map<string, CallbacksClient>();

  constructor(
    private readonly preview: boolean,
    private readonly events: EventSink,
  ) {}

  /** @throws Error when the name is already registered */
  register(hook: Hook): void {
    if (this.#hooks.has(hook.name)) throw new Error(`resource hook already registered for name "${hook.name}"`);
    this.#hooks.set(hook.name, hook);
  }

  /** @throws Error of the first failing hook, or when the program registered no hook of that name */
  async run(type: HookType, subject: HookSubject): Promise<void> {
    const { urn, resourceHooks } = subject.state;
    for (const name of resourceHooks?.[type] ?? []) {
      const hook = this.#hooks.get(name);
      if (!hook) throw new Error(`hook "${name}" was not registered`);
      if (this.preview && !hook.onPreview) continue;
      const error = await this.#call(hook, subject);
      if (error === "") continue;
      if (!hook.ignoreErrors) {
        throw new Error(`${type.startsWith("Before") ? "before" : "after"} hook "${name}" failed: ${error}`);
      }
      this.events.diagnostic({ severity: "warning", urn, message: `${type} hook "${name}" failed: ${error}` });
    }
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
  }

  /** Returns the error of the hook, or undefined. */
  async #call(hook: Hook, subject: HookSubject): Promise<string> {
    const call = new CallbackInvokeRequest();
    call.setToken(hook.token);
    call.setRequest(requestOf(subject).serializeBinary());
    const reply = await new Promise<CallbackInvokeResponse>((resolve, reject) => {
      this.#clientOf(hook.target).invoke(call, (error, answer) => (error ? reject(error) : resolve(answer)));
    });
    return ResourceHookResponse.deserializeBinary(reply.getResponse_asU8()).getError();
  }

  #clientOf(target: string): CallbacksClient {
    const known = this.#clients.get(target);
    if (known) return known;
    const client = new CallbacksClient(target, credentials.createInsecure());
    this.#clients.set(target, client);
    return client;
  }
}

function requestOf({ state, ...values }: HookSubject): ResourceHookRequest {
  const request = new ResourceHookRequest();
  request.setUrn(state.urn);
  request.setId(state.id ?? "");
  request.setName(nameOf(state.urn));
  request.setType(state.type);
  if (values.newInputs) request.setNewInputs(toStruct(values.newInputs));
  if (values.oldInputs) request.setOldInputs(toStruct(values.oldInputs));
  if (values.newOutputs) request.setNewOutputs(toStruct(values.newOutputs));
  if (values.oldOutputs) request.setOldOutputs(toStruct(values.oldOutputs));
  return request;
}
