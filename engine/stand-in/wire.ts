import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { PropertyMap } from "./property-value";

/** The cast is safe, because a protobuf Struct contains JSON values, which PropertyMap describes. */
export const fromStruct = (struct: Struct | undefined): PropertyMap => (struct?.toJavaScript() ?? {}) as PropertyMap;

export const toStruct = (map: PropertyMap): Struct => Struct.fromJavaScript(map as { [key: string]: JavaScriptValue });
