import type OSS from "ali-oss";
import type { CallRetry, RetryListener } from "../call-retry";
import { ossSdk } from "../lazy-sdk";
import type { CredentialSource, Credentials, OssEndpoint } from "../object-store";
import { httpTransport } from "../transport/http-transport";
import {
  type BodyWriter,
  NetworkFault,
  type ReplyHeaders,
  type RequestHeaders,
  type Transport,
  type TransportReply,
} from "../transport/transport";
import { CredentialLease } from "./credential-lease";
import { classifyNetworkFault, classifyReply, describeFault, type FaultFacts, OssFault } from "./oss-fault";
import { type CallTarget, type OssOperation, refusal, unavailable } from "./oss-refusal";
import { RetryNotices } from "./retry-notices";
import { type Retry, type RetryTimes, StallWatch, USUAL_RETRY_TIMES, withRetries } from "./retry-policy";
import { sharedTransferBudget, type TransferBudget } from "./transfer-budget";

/** Time-outs of one HTTP exchange, milliseconds. */
export interface CallTimeouts {
  /** The longest silence on a connection, and the longest time until it is open. @default 60000 */
  idleMs: number;
  /** Limit for a call without file contents. @default 120000 */
  controlMs: number;
}

export interface OssCallSettings {
  endpoint: OssEndpoint;
  credentials: CredentialSource;
  /** Milliseconds since the epoch. @default Date.now */
  clock?: () => number;
  /** In [0, 1), for the jitter of retries. @default Math.random */
  random?: () => number;
  retryTimes?: Partial<RetryTimes>;
  timeouts?: Partial<CallTimeouts>;
  /** @default the budget shared by the process */
  budget?: TransferBudget;
  /** @default httpTransport */
  transport?: Transport;
  /** Gets the retries of calls outside of an upload. */
  retryListener?: RetryListener;
}

export interface CallOptions {
  operation: OssOperation;
  bucket: string;
  key?: string;
  signal?: AbortSignal;
  /** Shared by the calls of one job; without it the call has its own budget. */
  watch?: StallWatch;
  /** Sent in place of the body that ali-oss was given; ali-oss signs the headers. */
  body?: BodyWriter;
  timeoutMs?: number;
  /** Bytes. @default that of the transport */
  maxReplyBytes?: number;
  /**
   * For a call that must not be repeated after it took effect: called after every fault that leaves that open. True
   * ends the call with OssFault `WAS_DONE`, which the caller expects.
   */
  wasDone?: () => Promise<boolean>;
}

/** Code of the fault for a call that took effect although its reply was lost. */
export const WAS_DONE = "WAS_DONE";

/** Result of a call: the value that the SDK parsed, and the reply. */
export interface CallResult<T> {
  value: T;
  reply: TransportReply;
}

const MAX_CORRECTIONS = 3;
const USUAL_TIMEOUTS: CallTimeouts = { idleMs: 60_000, controlMs: 120_000 };

/** The interface between ali-oss and its `urllib`. Observed in ali-oss 6.23.0, lib/client.js. */
interface SdkRequest {
  method: string;
  headers: RequestHeaders;
  content?: string | Buffer;
}
interface SdkReply {
  status: number;
  headers: ReplyHeaders;
  data: Buffer;
  res: { status: number; headers: ReplyHeaders };
}
interface SdkTransport {
  request(url: string, params: SdkRequest): Promise<SdkReply>;
}

/**
 * Sends every request to OSS. ali-oss builds and signs it (V4) and parses the reply. This project implements the
 * exchange, its time-outs, the classification of faults, retries, the renewal of credentials and the clock correction,
 * because ali-oss does not retry a 503, never corrects the clock under Node and loses headers of error replies.
 */
export class OssCalls {
  readonly endpoint: OssEndpoint;
  readonly times: RetryTimes;
  readonly budget: TransferBudget;
  readonly now: () => number;
  readonly random: () => number;
  private readonly lease: CredentialLease;
  private readonly timeouts: CallTimeouts;
  private readonly transport: Transport;
  private readonly retryListener: RetryListener | undefined;
  /** The service's clock minus the local one, from RequestTimeTooSkewed. */
  private clockOffsetMs = 0;

  constructor(settings: OssCallSettings) {
    this.endpoint = settings.endpoint;
    this.now = settings.clock ?? Date.now;
    this.random = settings.random ?? Math.random;
    this.times = { ...USUAL_RETRY_TIMES, ...settings.retryTimes };
    this.timeouts = { ...USUAL_TIMEOUTS, ...settings.timeouts };
    this.lease = new CredentialLease(settings.credentials, this.now);
    this.budget = settings.budget ?? sharedTransferBudget;
    this.transport = settings.transport ?? httpTransport;
    this.retryListener = settings.retryListener;
  }

  /**
   * Budget of time without progress for the calls of one job. `onRetry` is called before each retry of any of them.
   * @param onRetry by default reports to the listener of the settings
   */
  stallWatch(budgetMs?: number, onRetry?: (retry: Retry) => void): StallWatch {
    const times = { ...this.times, ...(budgetMs === undefined ? {} : { budgetMs }) };
    const { retryListener } = this;
    if (onRetry !== undefined || retryListener === undefined) return new StallWatch(this.now, times, onRetry);
    let operation = "";
    const notices = new RetryNotices(this.now, (retry) => retryListener.onRetry(retry));
    const watch: StallWatch = new StallWatch(
      this.now,
      times,
      (retry) => {
        operation = retry.fault.operation;
        notices.note(watch.stall, this.callRetry(watch, retry));
      },
      () => {
        if (notices.isReported(watch.stall)) retryListener.onRecovery(operation);
      },
    );
    return watch;
  }

  /** A retry in the form that a person reads. */
  callRetry(watch: StallWatch, { fault, retry, maxRetries }: Retry): CallRetry {
    return {
      operation: fault.operation,
      retry,
      ...(maxRetries === undefined ? {} : { maxRetries }),
      untilMs: this.now() + watch.remainingMs(),
      fault: describeFault(fault),
    };
  }

  /**
   * Makes one call and retries temporary faults.
   * @throws OssFault for a code in `expected`; a catalogue error for every other fault; the signal's reason
   */
  async call<T>(
    options: CallOptions,
    send: (client: OSS) => Promise<T>,
    expected: readonly string[] = [],
  ): Promise<CallResult<T>> {
    const watch = options.watch ?? this.stallWatch();
    const { signal } = options;
    try {
      return await withRetries(() => this.attempt(options, send), {
        watch,
        times: this.times,
        random: this.random,
        signal,
      });
    } catch (error) {
      if (!(error instanceof OssFault) || expected.includes(error.facts.code)) throw error;
      const target: CallTarget = { bucket: options.bucket, key: options.key, endpointUrl: this.endpoint.url };
      if (error.facts.kind === "passes") throw unavailable(error, options.operation, target, watch.stalledMs());
      throw refusal(error, options.operation, target);
    }
  }

  /** A client that signs with the current keys and time but sends nothing, for signed URLs. */
  async signingClient(bucket: string): Promise<OSS> {
    return this.newClient(bucket, await this.lease.current(), refuseToSend);
  }

  /** One attempt. A wrong clock and expired keys are corrected and do not count as a failure. */
  private async attempt<T>(options: CallOptions, send: (client: OSS) => Promise<T>): Promise<CallResult<T>> {
    for (let corrections = 0; ; corrections++) {
      const credentials = await this.lease.current();
      try {
        return await this.exchangeOnce(options, send, credentials);
      } catch (error) {
        if (!(error instanceof OssFault)) throw error;
        if (corrections < MAX_CORRECTIONS && (await this.correct(error, credentials))) continue;
        const { kind } = error.facts;
        if ((kind === "passes" || kind === "unreadable") && (await options.wasDone?.())) {
          throw new OssFault(options.operation, { ...error.facts, kind: "refused", code: WAS_DONE });
        }
        throw error;
      }
    }
  }

  /** Corrects the cause of a fault. @returns whether a new attempt makes sense */
  private async correct(fault: OssFault, credentials: Credentials): Promise<boolean> {
    const { kind, serverTimeMs } = fault.facts;
    if (kind === "clockSkew" && serverTimeMs !== undefined) {
      this.clockOffsetMs = serverTimeMs - Date.now();
      return true;
    }
    return kind === "credentials" && (await this.lease.renew(credentials));
  }

  private async exchangeOnce<T>(
    options: CallOptions,
    send: (client: OSS) => Promise<T>,
    credentials: Credentials,
  ): Promise<CallResult<T>> {
    let reply: TransportReply | undefined;
    let fault: FaultFacts | undefined;
    let aborted: unknown;
    const permits = options.body === undefined ? this.budget.control : this.budget.parts;
    await permits.take(options.signal);
    const transport: SdkTransport = {
      request: async (url, params) => {
        try {
          reply = await this.transport.send({
            method: params.method,
            url,
            headers: params.headers,
            body: options.body ?? params.content,
            routeUrl: this.endpoint.url,
            connectTimeoutMs: this.timeouts.idleMs,
            idleTimeoutMs: this.timeouts.idleMs,
            totalTimeoutMs: options.timeoutMs ?? this.timeouts.controlMs,
            maxReplyBytes: options.maxReplyBytes,
            signal: options.signal,
          });
          const { status, headers, body } = reply;
          return { status, headers, data: body, res: { status, headers } };
        } catch (error) {
          if (error instanceof NetworkFault) fault = classifyNetworkFault(error.code, error.message);
          else aborted = error;
          throw error;
        }
      },
    };
    try {
      const value = await send(this.newClient(options.bucket, credentials, transport));
      if (reply === undefined) throw new Error(`${options.operation} sent nothing`);
      return { value, reply };
    } catch (error) {
      if (aborted !== undefined) throw aborted;
      if (fault !== undefined) throw new OssFault(options.operation, fault);
      if (reply === undefined) throw error;
      throw new OssFault(options.operation, classifyReply({ ...reply, ...sdkErrorFacts(error) }));
    } finally {
      permits.give();
    }
  }

  private newClient(bucket: string, credentials: Credentials, transport: SdkTransport): OSS {
    const { url, region, cname } = this.endpoint;
    const options: OSS.Options & { urllib: SdkTransport; amendTimeSkewed: number; sldEnable: boolean } = {
      accessKeyId: credentials.accessKeyId,
      accessKeySecret: credentials.accessKeySecret,
      stsToken: credentials.securityToken,
      // Suppresses the SDK's warning to let it renew tokens, which it does by interval and not by expiry.
      refreshSTSTokenInterval: 1,
      bucket,
      region: `oss-${region}`,
      endpoint: url,
      secure: !url.startsWith("http:"),
      cname,
      authorizationV4: true,
      timeout: this.timeouts.controlMs,
      // Sub-domains of `localhost` do not resolve everywhere, so the bucket is part of the path.
      sldEnable: new URL(url).hostname === "localhost",
      urllib: transport,
      amendTimeSkewed: this.clockOffsetMs,
    };
    const Client = ossSdk();
    return new Client(options);
  }
}

const refuseToSend: SdkTransport = {
  request: () => Promise.reject(new Error("a signing client sends nothing")),
};

/** OSS's code and message, as ali-oss parsed them from the reply's XML or from `x-oss-err`. */
function sdkErrorFacts(error: unknown): { code?: string; message?: string; ecCode?: string } {
  if (!(error instanceof Error)) return {};
  const text = (name: string): string | undefined => {
    const value: unknown = Reflect.get(error, name);
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const code = text("code");
  return code === undefined ? {} : { code, message: error.message, ecCode: text("ecCode") };
}
