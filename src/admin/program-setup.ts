import type { ProgramSetup } from './calls/app-passwords.ts';

interface Kind {
  readonly program: string;
  readonly protocol: string;
  /** Whether the program asks for the server's name with its port, for name and port one by one, or for the whole address. */
  readonly asksFor: 'host' | 'parts' | 'address';
  readonly hint: string;
}

/** What people use, in the order in which most look for theirs. */
const KINDS: readonly Kind[] = [
  {
    program: 'iPhone, iPad, Android: an account of type Exchange (ActiveSync)',
    protocol: 'activesync',
    asksFor: 'host',
    hint: 'Mail, calendar, contacts, tasks and notes at once. Leave the domain empty.',
  },
  {
    program: 'Mac, or without mail: accounts of type Other, CalDAV for calendars and tasks, CardDAV for contacts',
    protocol: 'webdav',
    asksFor: 'parts',
    hint: 'The port is under Advanced.',
  },
  { program: 'Android with DAVx5: login with URL and user name', protocol: 'webdav', asksFor: 'address', hint: '' },
  {
    program: 'Thunderbird, Evolution, most other programs: CalDAV and CardDAV',
    protocol: 'webdav',
    asksFor: 'address',
    hint: '',
  },
];

/** The protocols that programs here speak. */
export const SETUP_PROTOCOLS: readonly string[] = [...new Set(KINDS.map(({ protocol }) => protocol))];

const UNTOLD = 'the address under which you reach this server';

export interface SetupFacts {
  /** With its scheme, e.g. `https://sync.example.org`; null where nobody told, or what was told is no address. */
  readonly server: string | null;
  readonly userName: string;
  /** Null: its field is left out. */
  readonly password: string | null;
  /** Null: all of them. */
  readonly protocols: readonly string[] | null;
}

/** What to type into which program: the one place that knows, for every page and command that tells it. */
export function programSetups({ server, userName, password, protocols }: SetupFacts): readonly ProgramSetup[] {
  const kinds = KINDS.filter(({ protocol }) => protocols === null || protocols.includes(protocol));
  const url = server !== null && URL.canParse(server) ? new URL(server) : null;
  return kinds.map(({ program, protocol, asksFor, hint }): ProgramSetup => {
    const fields = [
      { name: asksFor === 'address' ? 'Address' : 'Server', value: serverField(url, asksFor) },
      { name: 'User name', value: userName },
      ...(password === null ? [] : [{ name: 'Password', value: password }]),
      ...(asksFor === 'parts' && url !== null ? portFields(url) : []),
    ];
    return { program, protocol, hint, fields };
  });
}

function serverField(url: URL | null, asksFor: Kind['asksFor']): string {
  if (url === null) return UNTOLD;
  if (asksFor === 'address') return `${url.origin}/`;
  return asksFor === 'host' ? url.host : url.hostname;
}

function portFields({ port, protocol }: URL): ProgramSetup['fields'] {
  const isSecure = protocol === 'https:';
  return [
    { name: 'Port', value: port || (isSecure ? '443' : '80') },
    { name: 'SSL', value: isSecure ? 'on' : 'off' },
  ];
}
