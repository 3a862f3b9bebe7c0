/** The arguments that select a resource's account, region and endpoint. */
export interface Scope {
  region?: string;
  profile?: string;
  assumeRoleArn?: string;
  endpoint?: string;
}
