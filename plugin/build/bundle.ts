import { dirname, join } from "node:path";
import { type BuildResult, build, type Plugin } from "esbuild";
import { REPOSITORY } from "../../engine/repository";

export interface Bundle {
  file: string;
  /** Absolute paths of the modules that are in it. */
  modules: string[];
  /** Modules that it requires when it runs. */
  required: string[];
}

/** Packages that others load when they are installed, and do without otherwise. */
export const OPTIONAL_PACKAGES = ["proxy-agent", "bufferutil", "utf-8-validate"];

/** Bundles the plugin, with all that it needs but Node.js, into one file. */
export async function bundlePlugin(file: string): Promise<Bundle> {
  const { metafile } = await build({
    entryPoints: [join(REPOSITORY, "plugin", "main.ts")],
    outfile: file,
    absWorkingDir: REPOSITORY,
    bundle: true,
    platform: "node",
    target: "node20",
    external: OPTIONAL_PACKAGES,
    // Names stay: stack traces are readable, and class names are what they are in the sources.
    minifyWhitespace: true,
    minifySyntax: true,
    keepNames: true,
    legalComments: "none", // the notices file has the licenses
    // Node prints deprecation warnings for code outside node_modules, and the bundle is outside: ali-oss calls url.parse().
    banner: { js: "#!/usr/bin/env node\nprocess.noDeprecation=true;" },
    plugins: [sdkGrpc, noClosures],
    metafile: true,
    logLevel: "warning",
  });
  return { file, ...contentOf(metafile) };
}

/** In one file the SDK's own copy of gRPC is the only one. */
const sdkGrpc: Plugin = {
  name: "sdk-grpc",
  setup({ onLoad }) {
    const resolveDir = dirname(require.resolve("@pulumi/pulumi/package.json"));
    onLoad({ filter: /[\\/]provider[\\/]hosts[\\/]sdk-grpc\.ts$/ }, () => ({
      contents: 'export * as grpc from "@grpc/grpc-js";',
      resolveDir,
    }));
  },
};

/**
 * The SDK's root module loads what writes functions of a program into its state, with TypeScript and npm's own code: half of the bundle.
 * The plugin makes no resources of functions.
 */
const noClosures: Plugin = {
  name: "no-closures",
  setup({ onLoad }) {
    const unused = /@pulumi[\\/]pulumi[\\/](typescript-shim|runtime[\\/]closure[\\/]codePaths)\.js$/;
    onLoad({ filter: unused }, () => ({ contents: "" }));
  },
};

function contentOf(metafile: BuildResult<{ metafile: true }>["metafile"]): Pick<Bundle, "modules" | "required"> {
  const [output] = Object.values(metafile.outputs);
  if (output === undefined) throw new Error("esbuild wrote no file");
  return {
    // esbuild leaves out what no statement uses.
    modules: Object.entries(output.inputs).flatMap(([path, { bytesInOutput }]) =>
      bytesInOutput > 0 ? [join(REPOSITORY, path)] : [],
    ),
    required: [...new Set(output.imports.flatMap(({ path, external }) => (external ? [path] : [])))].sort(),
  };
}
