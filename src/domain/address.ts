/** What a user is signed in by and written to under, before and behind the @. */
export interface AddressParts {
  readonly localPart: string;
  readonly domain: string;
}

/** local@domain. */
export function addressOf({ localPart, domain }: AddressParts): string {
  return `${localPart}@${domain}`;
}

/** What stands behind the last @; all of it where there is none. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
