import type { DeviceKind } from '../../../devices/device-kind.ts';
import type { DeviceAccessState } from '../../../store/device-store.ts';
import type { DeviceSummary } from '../../calls/devices.ts';
import { type Html, html } from '../html.ts';
import { badge, type Tone } from './texts.ts';

const SHAPES: Readonly<Record<DeviceKind, Html>> = {
  phone: html`<rect x="6" y="2" width="8" height="16" rx="1.6"/><path d="M9 15.5h2"/>`,
  tablet: html`<rect x="4" y="2" width="12" height="16" rx="1.6"/><path d="M9 15.5h2"/>`,
  computer: html`<rect x="2.5" y="3.5" width="15" height="10" rx="1.2"/><path d="M7 17h6"/>`,
  program: html`<rect x="2.5" y="3.5" width="15" height="13" rx="1.2"/><path d="M2.5 7h15"/>`,
  unknown: html`<circle cx="10" cy="10" r="7.5"/><path d="M8 8a2 2 0 1 1 2.6 2c-.6.2-.6.7-.6 1.3M10 14v.3"/>`,
};

const LABELS: Readonly<Record<DeviceKind, string>> = {
  phone: 'Phone',
  tablet: 'Tablet',
  computer: 'Computer',
  program: 'Program',
  unknown: 'Kind unknown',
};

/** What kind of thing it is, as a picture with its word for readers of screens. */
export function deviceIcon(kind: DeviceKind): Html {
  return html`<svg class="icon" viewBox="0 0 20 20" width="18" height="18" role="img" aria-label="${LABELS[kind]}">${SHAPES[kind]}</svg>`;
}

const ACCESS: Readonly<Record<DeviceAccessState, readonly [string, Tone]>> = {
  allowed: ['allowed', 'good'],
  quarantined: ['waits for approval', 'warn'],
  blocked: ['blocked', 'bad'],
};

export function accessBadge(access: DeviceAccessState): Html {
  return badge(...ACCESS[access]);
}

const PROTOCOLS: Readonly<Record<string, string>> = {
  activesync: 'ActiveSync',
  webdav: 'CalDAV and CardDAV',
  dav: 'CalDAV and CardDAV',
};

/** A protocol as people call it; the register knows more than this page does. */
export function protocolName(protocol: string): string {
  return PROTOCOLS[protocol] ?? protocol;
}

/** What people call it: the name its owner gave it, else its model, else what it says it is; one that can be seen. */
export function deviceName({ information, type, agent, device }: DeviceSummary): string {
  const names = [information.FriendlyName, information.Model, type, agent.slice(0, 60)];
  return names.find((name) => name !== undefined && /[^\p{C}\p{Z}]/u.test(name)) ?? device;
}
