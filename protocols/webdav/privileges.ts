import { type Principal, type Right, rightsOn } from '../../src/domain/principal.ts';
import type { Resource } from './resource.ts';
import { CALDAV, DAV } from './xml/element.ts';
import { writeElement } from './xml/write.ts';

interface Privilege {
  readonly ns: string;
  readonly name: string;
  readonly description: string;
  readonly isAbstract?: boolean;
  readonly contains?: readonly Privilege[];
}

/** RFC 3744 §3 as far as our rights tell things apart; RFC 4791 §6.1.1 puts read-free-busy under read. */
const PRIVILEGES: Privilege = {
  ns: DAV,
  name: 'all',
  description: 'Everything',
  isAbstract: true,
  contains: [
    {
      ns: DAV,
      name: 'read',
      description: 'Read items and properties',
      contains: [
        { ns: CALDAV, name: 'read-free-busy', description: 'See when time is taken' },
        { ns: DAV, name: 'read-current-user-privilege-set', description: 'See your own rights' },
      ],
    },
    {
      ns: DAV,
      name: 'write',
      description: 'Change items and properties',
      contains: [
        { ns: DAV, name: 'write-properties', description: 'Change properties' },
        { ns: DAV, name: 'write-content', description: 'Change items' },
        { ns: DAV, name: 'bind', description: 'Add to the collection' },
        { ns: DAV, name: 'unbind', description: 'Remove from the collection' },
      ],
    },
  ],
};

/** Inner XML of DAV:supported-privilege-set (RFC 3744 §5.3). */
export const SUPPORTED_PRIVILEGE_SET: string = writeSupported(PRIVILEGES);

function writeSupported({ ns, name, description, isAbstract, contains = [] }: Privilege): string {
  const abstract = isAbstract === true ? '<D:abstract/>' : '';
  return (
    `<D:supported-privilege><D:privilege>${writeElement(ns, name)}</D:privilege>${abstract}` +
    `<D:description xml:lang="en">${description}</D:description>${contains.map(writeSupported).join('')}</D:supported-privilege>`
  );
}

const READ = '<D:privilege><D:read/></D:privilege><D:privilege><D:read-current-user-privilege-set/></D:privilege>';
const FREE_BUSY = '<D:privilege><C:read-free-busy/></D:privilege>';
const BIND = '<D:privilege><D:bind/></D:privilege><D:privilege><D:unbind/></D:privilege>';
const WRITE =
  '<D:privilege><D:write/></D:privilege><D:privilege><D:write-properties/></D:privilege>' +
  `<D:privilege><D:write-content/></D:privilege>${BIND}`;

/** Inner XML of DAV:current-user-privilege-set (RFC 3744 §5.4), compiled for one principal. */
export function privilegeWriter(principal: Principal): (resource: Resource) => string {
  // All that one mailbox holds has the same rights, so the strings are made once, not per member.
  const own = rightsOn(principal, principal.mailboxId);
  const calendar = writePrivileges(own, FREE_BUSY);
  const contact = writePrivileges(own, '');
  const home = own.has('write') ? READ + BIND : READ;
  return (resource) => {
    switch (resource.kind) {
      case 'root':
      case 'container':
      case 'principal':
        return READ;
      case 'home':
        return home;
      default:
        return resource.home === 'calendars' ? calendar : contact;
    }
  };
}

function writePrivileges(rights: ReadonlySet<Right>, extra: string): string {
  return (rights.has('read') ? READ : '') + (rights.has('free-busy') ? extra : '') + (rights.has('write') ? WRITE : '');
}
