/** A password of a user's for one device; the password itself is not kept. */
export interface AppPasswordEntry {
  /** Names it among the user's. */
  readonly id: string;
  /** What its user calls it. */
  readonly label: string;
  /** The protocols it signs in to, in their own words; null: all of them. */
  readonly protocols: readonly string[] | null;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Who made it. */
  readonly createdBy: string;
  /** The device it belongs to since its first use; null until then. */
  readonly device: { readonly protocol: string; readonly id: string } | null;
  /** Exact to some minutes; null until the first use. */
  readonly lastUsedAt: number | null;
  readonly lastUsedFrom: string | null;
  /** When it ended; null while it signs in. */
  readonly revokedAt: number | null;
}

/** What to type into one kind of program. */
export interface ProgramSetup {
  /** E.g. "Phone or tablet (Exchange, ActiveSync)". */
  readonly program: string;
  /** The protocol it speaks. */
  readonly protocol: string;
  /** What else to know, in a sentence or two; '' for nothing. */
  readonly hint: string;
  /** Fields in the order in which such programs ask for them. */
  readonly fields: readonly { readonly name: string; readonly value: string }[];
}

/** How a new app password is used. Holds the password: shown once, kept nowhere. */
export interface AppPasswordSetup {
  /** Where people reach this server; null where nobody told. */
  readonly server: string | null;
  readonly userName: string;
  readonly programs: readonly ProgramSetup[];
  /** Server, user name and password on lines of their own: what a QR code of it holds (`src/admin/qr.ts`). */
  readonly text: string;
}

export interface NewAppPassword {
  readonly entry: AppPasswordEntry;
  /** In groups of four letters; nobody sees it again. */
  readonly password: string;
  readonly setup: AppPasswordSetup;
}

/** Passwords for single devices, beside the account's own. */
export interface AppPasswordCalls {
  /** The present ones by time, then the last that ended. */
  appPasswordList(input: { readonly address: string }): Promise<readonly AppPasswordEntry[]>;
  /**
   * Makes one.
   * @param input.protocols Null: every protocol that is served.
   * @param input.server Where the user reaches this server, when the caller knows it better than the settings.
   */
  appPasswordAdd(input: {
    readonly address: string;
    readonly label: string;
    readonly protocols: readonly string[] | null;
    readonly server?: string | null;
  }): Promise<NewAppPassword>;
  /** Ends one, or all of the user's (`id` null), at once; returns how many. */
  appPasswordRevoke(input: { readonly address: string; readonly id: string | null }): Promise<number>;
}

export const APP_PASSWORD_CALLS = [
  'appPasswordList',
  'appPasswordAdd',
  'appPasswordRevoke',
] as const satisfies readonly (keyof AppPasswordCalls)[];
