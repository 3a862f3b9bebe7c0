/** What this project asks of RAM (Resource Access Management), in its own words. */
export interface RamApi {
  /** Undefined when the account has no such role. @throws NOT_AUTHORIZED where it may not be asked */
  findRole(name: string): Promise<RoleFacts | undefined>;
}

export interface RoleFacts {
  name: string;
  /** `acs:ram::<account>:role/<name>`. */
  arn: string;
  /** The trust policy, a JSON document as text. */
  trustPolicy: string;
}
