import { type JavaScriptValue, Struct, type Value } from "google-protobuf/google/protobuf/struct_pb";
import type { PropertyMap, PropertyValue } from "./property-value";

/** A protobuf Struct holds JSON, which is what PropertyMap describes; its own type only does not say so. */
export const fromStruct = (struct: Struct | undefined): PropertyMap => (struct?.toJavaScript() ?? {}) as PropertyMap;

export const toStruct = (map: PropertyMap): Struct => Struct.fromJavaScript(map as { [key: string]: JavaScriptValue });

export const fromValue = (value: Value | undefined): PropertyValue | undefined =>
  value === undefined ? undefined : (value.toJavaScript() as PropertyValue);
