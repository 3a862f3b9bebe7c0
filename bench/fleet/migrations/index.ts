import * as pulumi from "@pulumi/pulumi";
import { InstanceMigration } from "pulumi-alicloud-sqlserver-migration";

// The compiled file: transpiling sources of the package, which a user's program never does, would be measured too.
if (process.env.RESOURCE_HOST === "native") {
  const { compiledFile }: typeof import("../../../engine/repository") = require("../../../engine/repository");
  require(compiledFile("testing/register-resources.js"));
}

const config = new pulumi.Config();

/** A typical program for a whole instance, with a committed manifest, an existing instance and an existing bucket. */
new InstanceMigration("fleet", {
  instance: config.require("instance"),
  bucket: config.require("bucket"),
  backups: config.require("manifest"),
  pollInterval: "500ms",
});
