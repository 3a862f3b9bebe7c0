import { createRequire } from "node:module";
import type * as GrpcModule from "@grpc/grpc-js";

/** The Pulumi SDK's own copy of gRPC, which its generated services are made for. */
export const grpc = createRequire(require.resolve("@pulumi/pulumi/package.json"))("@grpc/grpc-js") as typeof GrpcModule;
