import type { ServerErrorResponse, StatusObject } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { InitError } from "../../model/init-error";
import { shownError } from "../handler-runner";
import { grpc } from "../sdk-grpc";
import type { Secrets } from "./secrets";

/** A call that the plugin does not have. */
export class UnimplementedCall extends Error {}

/**
 * Returns the gRPC status of a failed call. With an init error the engine saves the resource's outputs and shows its reasons.
 * @see https://github.com/pulumi/pulumi `proto/pulumi/provider.proto`, ErrorResourceInitFailed
 */
export function failedCall(
  error: unknown,
  secrets: Secrets,
  given: readonly (Struct | undefined)[],
): ServerErrorResponse & Partial<StatusObject> {
  const message = secrets.message(shownError(error).message);
  const code = error instanceof UnimplementedCall ? grpc.status.UNIMPLEMENTED : grpc.status.UNKNOWN;
  const metadata = new grpc.Metadata();
  if (error instanceof InitError)
    metadata.set("grpc-status-details-bin", initErrorDetails(error, message, secrets, given));
  return { name: "Error", message, code, details: message, metadata };
}

function initErrorDetails(
  { id, properties, reasons }: InitError,
  message: string,
  secrets: Secrets,
  given: readonly (Struct | undefined)[],
): Buffer {
  const failed = new ErrorResourceInitFailed();
  failed.setId(id);
  failed.setProperties(secrets.write(properties, ...given));
  failed.setReasonsList(reasons.map((reason) => secrets.message(reason)));
  const detail = new Any();
  detail.pack(failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new Status();
  status.setCode(grpc.status.UNKNOWN);
  status.setMessage(message);
  status.addDetails(detail);
  return Buffer.from(status.serializeBinary());
}
