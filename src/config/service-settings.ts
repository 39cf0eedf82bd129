/** Where the run-time setting is kept: by name of the service. */
export const SERVICES_SETTING = 'services';

/** The services: `webdav` is CalDAV and CardDAV too, `admin` the Admin API with the pages. */
export const SERVICE_NAMES = ['activesync', 'webdav', 'lmtp', 'admin'] as const;

export type ServiceName = (typeof SERVICE_NAMES)[number];

/** How a service is to be run. */
export interface ServiceSettings {
  /** Whether it runs when the server starts. */
  readonly startsAutomatically: boolean;
  /** Connections at one time; 0 is no limit. */
  readonly maxConnections: number;
  /** Name of the only addresses it serves; null: all. */
  readonly addressGroup: string | null;
}

export type AllServices = Readonly<Record<ServiceName, ServiceSettings>>;

const OPEN: ServiceSettings = { startsAutomatically: true, maxConnections: 0, addressGroup: null };

/** Without a word from an administrator. A mail server in front keeps few connections and many messages on each (Postfix: 20). */
export const DEFAULT_SERVICES: AllServices = {
  activesync: OPEN,
  webdav: OPEN,
  lmtp: { ...OPEN, maxConnections: 50 },
  admin: OPEN,
};

/** Somebody wrote settings that are none. `message` names every mistake in them. */
export class ServiceSettingsError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The service cannot be set so: ${problems.join('; ')}.`);
    this.name = 'ServiceSettingsError';
    this.problems = problems;
  }
}

const MOST_CONNECTIONS = 1_000_000;

export function isServiceName(text: unknown): text is ServiceName {
  return (SERVICE_NAMES as readonly unknown[]).includes(text);
}

/** What is kept; a service of which nothing usable is kept is as in `DEFAULT_SERVICES`. */
export function readServices(value: unknown): AllServices {
  const kept = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const read = SERVICE_NAMES.map((name) => [name, keptService(name, kept[name])] as const);
  return Object.fromEntries(read) as AllServices;
}

function keptService(name: ServiceName, value: unknown): ServiceSettings {
  if (value === undefined) return DEFAULT_SERVICES[name];
  try {
    return readService(value);
  } catch (error) {
    if (error instanceof ServiceSettingsError) return DEFAULT_SERVICES[name];
    throw error;
  }
}

/** All of one service's settings. @throws ServiceSettingsError */
export function readService(value: unknown): ServiceSettings {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ServiceSettingsError(['it is no object']);
  }
  const problems: string[] = [];
  const { startsAutomatically, maxConnections, addressGroup, ...more } = value as Record<string, unknown>;
  for (const key of Object.keys(more)) problems.push(`"${key}" is no part of a service`);
  if (typeof startsAutomatically !== 'boolean') problems.push('startsAutomatically is neither true nor false');
  const isCount = Number.isInteger(maxConnections) && Number(maxConnections) >= 0;
  if (!isCount || Number(maxConnections) > MOST_CONNECTIONS) {
    problems.push(`maxConnections is no whole number from 0 (no limit) to ${MOST_CONNECTIONS}`);
  }
  if (addressGroup !== null && typeof addressGroup !== 'string') {
    problems.push('addressGroup is neither the name of an address group nor null');
  }
  if (problems.length > 0) throw new ServiceSettingsError(problems);
  return {
    startsAutomatically: startsAutomatically === true,
    maxConnections: Number(maxConnections),
    addressGroup: typeof addressGroup === 'string' ? addressGroup : null,
  };
}
