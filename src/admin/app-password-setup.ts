import type { AppPasswordSetup, ProgramSetup } from './calls/app-passwords.ts';

interface Kind {
  readonly program: string;
  readonly protocol: string;
  /** Whether the program asks for a host name, or for the whole address. */
  readonly asksFor: 'host' | 'address';
}

/** What people use, in the order in which most look for theirs. */
const KINDS: readonly Kind[] = [
  { program: 'iPhone, iPad, Android: account of type Exchange (ActiveSync)', protocol: 'activesync', asksFor: 'host' },
  { program: 'iPhone, iPad, Mac: accounts of type CalDAV and CardDAV', protocol: 'webdav', asksFor: 'host' },
  { program: 'DAVx5 on Android: login with URL and user name', protocol: 'webdav', asksFor: 'address' },
  {
    program: 'Thunderbird, Evolution, other calendar programs: CalDAV and CardDAV',
    protocol: 'webdav',
    asksFor: 'address',
  },
];

/** The protocols that an app password can be bound to. */
export const SETUP_PROTOCOLS: readonly string[] = [...new Set(KINDS.map(({ protocol }) => protocol))];

const UNTOLD = 'the address under which you reach this server';

export interface SetupFacts {
  /** With its scheme, e.g. `https://sync.example.org`; null where nobody told. */
  readonly server: string | null;
  readonly userName: string;
  readonly password: string;
  /** Null: all of them. */
  readonly protocols: readonly string[] | null;
}

/**
 * What to type into which program. The text for the QR code is plain: no program takes a password from a scheme of its own
 * that all understand, while every phone offers to copy a text that it scanned.
 */
export function setupOf({ server, userName, password, protocols }: SetupFacts): AppPasswordSetup {
  const kinds = KINDS.filter(({ protocol }) => protocols === null || protocols.includes(protocol));
  const programs = kinds.map(({ program, protocol, asksFor }): ProgramSetup => {
    const value = serverField(server, asksFor);
    const fields = [
      { name: 'Server', value },
      { name: 'User name', value: userName },
      { name: 'Password', value: password },
    ];
    return { program, protocol, fields };
  });
  const lines = [...(server === null ? [] : [`Server: ${server}`]), `User name: ${userName}`, `Password: ${password}`];
  return { server, userName, programs, text: lines.join('\n') };
}

function serverField(server: string | null, asksFor: Kind['asksFor']): string {
  if (server === null) return UNTOLD;
  return asksFor === 'host' ? new URL(server).host : server;
}
