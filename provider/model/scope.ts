/** The arguments that choose which account, region and endpoint a resource talks to. */
export interface Scope {
  region?: string;
  profile?: string;
  assumeRoleArn?: string;
  endpoint?: string;
}
