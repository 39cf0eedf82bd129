import { parseArgs } from 'node:util';
import type { Administration } from '../administration.ts';
import type { ServiceSettings, ServiceSummary } from '../calls/services.ts';
import type { Command, CommandContext, ExitCode } from './command.ts';
import { UsageError } from './terminal.ts';

const NAMES =
  'The services are activesync, webdav (CalDAV and CardDAV too), lmtp, and admin (the Admin API and the pages).';

export const serviceList: Command = {
  words: ['service', 'list'],
  usage: '[--json]',
  summary: 'list the services: state, connections, limits, addresses',
  help: `One service a line. ${NAMES}

  --json  an array of objects instead

Example:
  causeway service list`,
  prepare(args) {
    const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean' } } });
    return async ({ administration, terminal }) => {
      const services = await administration.serviceList({});
      if (values.json) terminal.out(`${JSON.stringify(services, null, 2)}\n`);
      else for (const service of services) tell(terminal, service);
      return 0;
    };
  },
};

export const serviceStart: Command = {
  words: ['service', 'start'],
  usage: 'NAME [--json]',
  summary: 'start a service of the running server',
  help: `Takes requests of the service again. ${NAMES}

  --json  the service as an object

Example:
  causeway service start lmtp`,
  prepare: (args) => changing(args, (administration, name) => administration.serviceStart({ name })),
};

export const serviceStop: Command = {
  words: ['service', 'stop'],
  usage: 'NAME [--json]',
  summary: 'stop a service of the running server',
  help: `Its clients are told that it is stopped (HTTP 503), what waits is answered, and LMTP stops listening once messages under way are
done. Nothing else of the server stops. Whether it runs after the next start is set by "service set --automatic".
${NAMES}

  --json  the service as an object

Example:
  causeway service stop activesync`,
  prepare: (args) =>
    // Whoever types this is on the server's machine and can start it again.
    changing(args, (administration, name) => administration.serviceStop({ name, alsoAdmin: true })),
};

export const serviceSet: Command = {
  words: ['service', 'set'],
  usage: 'NAME [--automatic yes|no] [--connections N] [--addresses GROUP] [--json]',
  summary: 'set how a service is run, and for whom',
  help: `Changes what is given, in force at once. ${NAMES}

  --automatic yes|no  whether it runs when the server starts
  --connections N     how many at one time; 0: any number. Further ones are told to come again
  --addresses GROUP   an address group ("address-group set"): others are refused; none: everybody is served
  --json              the service as an object

Examples:
  causeway service set activesync --connections 5000
  causeway service set admin --addresses office`,
  prepare(args) {
    const text = { type: 'string' } as const;
    const options = { automatic: text, connections: text, addresses: text, json: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const name = oneName(positionals);
    const change = changeOf(values);
    return async ({ administration, terminal }) => {
      const services = await administration.serviceList({});
      const present = services.find((service) => service.name === name);
      const { startsAutomatically = true, maxConnections = 0, addressGroup = null } = present ?? {};
      const service = { startsAutomatically, maxConnections, addressGroup, ...change };
      const set = await administration.serviceSet({ name, service });
      if (values.json) terminal.out(`${JSON.stringify(set, null, 2)}\n`);
      else tell(terminal, set);
      return 0;
    };
  },
};

type Change = (administration: Administration, name: string) => Promise<ServiceSummary>;

function changing(args: readonly string[], change: Change): (context: CommandContext) => Promise<ExitCode> {
  const options = { json: { type: 'boolean' } } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const name = oneName(positionals);
  return async ({ administration, terminal }) => {
    const service = await change(administration, name);
    if (values.json) terminal.out(`${JSON.stringify(service, null, 2)}\n`);
    else tell(terminal, service);
    return 0;
  };
}

function oneName([name, more]: readonly string[]): string {
  if (name === undefined) throw new UsageError('The service is missing; "service list" shows which there are.');
  if (more !== undefined) throw new UsageError(`"${more}" is one argument too many.`);
  return name;
}

interface Given {
  readonly automatic?: string | undefined;
  readonly connections?: string | undefined;
  readonly addresses?: string | undefined;
}

/** @throws UsageError */
function changeOf({ automatic, connections, addresses }: Given): Partial<ServiceSettings> {
  if (automatic === undefined && connections === undefined && addresses === undefined) {
    throw new UsageError('None of --automatic, --connections and --addresses is given.');
  }
  if (automatic !== undefined && automatic !== 'yes' && automatic !== 'no') {
    throw new UsageError(`--automatic is yes or no, not "${automatic}".`);
  }
  if (connections !== undefined && !/^\d{1,7}$/.test(connections)) {
    throw new UsageError(`--connections is a whole number, 0 for any number, not "${connections}".`);
  }
  return {
    ...(automatic !== undefined && { startsAutomatically: automatic === 'yes' }),
    ...(connections !== undefined && { maxConnections: Number(connections) }),
    ...(addresses !== undefined && { addressGroup: addresses === 'none' ? null : addresses }),
  };
}

function tell(terminal: CommandContext['terminal'], service: ServiceSummary): void {
  const { name, state, startsAutomatically, connections, maxConnections, addressGroup, addresses, warnings } = service;
  const most = maxConnections === 0 ? '' : ` of ${maxConnections}`;
  const parts = [
    name.padEnd(10),
    state.padEnd(7),
    startsAutomatically ? 'automatic' : 'by hand',
    `${connections}${most} connections`,
    `for ${addressGroup ?? 'everybody'}`,
    addresses.join(' ') || '-',
  ];
  terminal.out(`${parts.join('  ')}\n`);
  for (const warning of warnings) terminal.err(`${warning}\n`);
}
