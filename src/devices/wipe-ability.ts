import { appPasswordOf } from '../domain/principal.ts';
import type { Device, DeviceReader, WipeKind, WipeMethod } from '../store/device-store.ts';

/** What a client would do if it were told to wipe itself, as far as is known. The sentences are for people. */
export interface WipeAbility {
  /** 'drain': the client knows no wipe; what it synchronises is shown to it as emptied. */
  readonly method: WipeMethod;
  /** Kinds that can be asked for of this device. */
  readonly kinds: readonly WipeKind[];
  /** Why each other kind cannot be asked for. */
  readonly notOffered: readonly { readonly kind: WipeKind; readonly why: string }[];
  readonly erases: readonly string[];
  readonly keeps: readonly string[];
  /** Whether the device can be kept out afterwards without another password for everything. */
  readonly canBeRefusedAlone: boolean;
  /** What else has to be done, and by whom. */
  readonly advice: readonly string[];
}

/** What a protocol knows of its own clients. */
export type WipeAbilityOf = (device: Device, reader: DeviceReader) => Promise<WipeAbility>;

/** Said of every wipe. */
export const NEEDS_CONTACT =
  'Nothing is erased before the client connects to this server again; a device that is switched off, offline or set back to factory settings never does.';

/** What an emptied folder cannot take away; said of every drain. */
export const KEPT_BY_DRAIN: readonly string[] = [
  'What was copied out of the client: exports, backups, attachments saved elsewhere.',
  'What was changed on the client and never sent: it may stay there, since it is not taken any more.',
];

const OWN_PASSWORD =
  'It signs in with an app password of its own, which is revoked once it has been emptied; no other password has to change.';

/**
 * Of a client whose protocol knows no wipe, and which names no device: it is known by the name that its program says, and by the
 * account's credential.
 */
export async function drainAbility({ type, shownId, credential }: Device): Promise<WipeAbility> {
  const name = type || shownId;
  const hasOwnPassword = appPasswordOf(credential) !== null;
  const why = `${name} speaks a protocol that knows no wipe of an account`;
  return {
    method: 'drain',
    kinds: ['full'],
    notOffered: [{ kind: 'account', why }],
    erases: [
      `What ${name} synchronised: each folder is shown to it as empty but for one entry that says what happened, so that it removes its copy when it synchronises next.`,
    ],
    keeps: [
      `Everything else on the device: ${name} is no more than a program on it.`,
      ...KEPT_BY_DRAIN,
      'All that is in the mailbox: it is not touched, and other clients see no difference.',
    ],
    canBeRefusedAlone: hasOwnPassword,
    advice: hasOwnPassword
      ? [NEEDS_CONTACT, OWN_PASSWORD]
      : [
          NEEDS_CONTACT,
          `${name} is known by the name it says alone, and every copy of this program with this account counts as the same one: all of them are emptied.`,
          'Whoever has the password can come with another program: change the password of the account. The emptying goes on all the same with the old one.',
        ],
  };
}
