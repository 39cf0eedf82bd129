/**
 * A password of a mailbox's owner for one device. It is random, so what is kept of it is a digest
 * (docs/decisions/0019-app-passwords.md).
 */
export interface AppPassword {
  /** Unique in its mailbox, never given again there as long as the row is kept. */
  readonly id: string;
  /** What the password is found by: unique in its mailbox. */
  readonly digest: string;
  readonly label: string;
  /** The protocols it signs in to; null: all. */
  readonly protocols: readonly string[] | null;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly createdBy: string;
  /** The device it belongs to since its first use. */
  readonly device: BoundDevice | null;
  /** Exact to some minutes. */
  readonly lastUsedAt: number | null;
  readonly lastUsedFrom: string | null;
  /** When it ended; null while it signs in. */
  readonly revokedAt: number | null;
}

export interface BoundDevice {
  readonly protocol: string;
  /** `Device.id`. */
  readonly id: string;
  /** What all programs of that device share in their names, where several of them use one account. */
  readonly kin: string | null;
}

/** Part of what is read of a mailbox. */
export interface AppPasswordReader {
  /** All of the mailbox, ended ones too, oldest first. */
  appPasswords(): Promise<readonly AppPassword[]>;
  appPassword(id: string): Promise<AppPassword | null>;
  /** The one with this digest, ended or not. One index probe. */
  appPasswordByDigest(digest: string): Promise<AppPassword | null>;
}

/** Part of the mailbox's own transactions, so that a device and its password are bound, and end, together. */
export interface AppPasswordWriter extends AppPasswordReader {
  /** Adds it, or replaces the one of that id. Rejects 'name-taken' when the digest is another's. */
  putAppPassword(password: AppPassword): Promise<void>;
  removeAppPassword(id: string): Promise<void>;
}
