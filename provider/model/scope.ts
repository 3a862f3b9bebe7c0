/** The arguments that select a resource's account, region and endpoint. */
export interface Scope {
  region?: string;
  profile?: string;
  assumeRoleArn?: string;
  endpoint?: string;
}

/** A region as the console writes it, for example `cn-hangzhou`. */
export const REGION = /^[a-z]{2}-[a-z0-9-]+$/;
/** A zone is its region and a letter: `cn-hangzhou-h`, `ap-southeast-1a`. No region ends so. */
const ZONE = /^(.+-\d+)[a-z]$|^(.+)-[a-z]$/;

/** The region of a zone; undefined for what is no zone. */
export function regionOfZone(text: string): string | undefined {
  const [, numbered, named] = ZONE.exec(text) ?? [];
  return numbered ?? named;
}
