/** The moments at which a hook is called (sdk/go/common/resource/resource_hooks.go of pulumi/pulumi). */
export const HOOK_TYPES = [
  "BeforeCreate",
  "AfterCreate",
  "BeforeUpdate",
  "AfterUpdate",
  "BeforeDelete",
  "AfterDelete",
] as const;
export type HookType = (typeof HOOK_TYPES)[number];
