/** The export that the state's `__provider` text resolves from the project's folder. */
export const PROVIDER_EXPORT = "pulumi-alicloud-sqlserver-migration/provider";

/** Why no migration can run, when Pulumi's host cannot resolve this package, and what to do. */
export const UNRESOLVABLE_PACKAGE = {
  what: `${PROVIDER_EXPORT} cannot be resolved from the folder of this Pulumi project.`,
  remedy:
    "Make the package a direct dependency of the project (its own package.json: npm install pulumi-alicloud-sqlserver-migration); " +
    "in a monorepo or with pnpm a dependency of another package is not enough.",
};
