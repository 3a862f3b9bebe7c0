import { createRequire } from "node:module";
import type * as GrpcModule from "@grpc/grpc-js";

/** The Pulumi SDK's own copy of gRPC: its generated clients and services do not accept credentials from another copy. */
export const grpc = createRequire(require.resolve("@pulumi/pulumi/package.json"))("@grpc/grpc-js") as typeof GrpcModule;
