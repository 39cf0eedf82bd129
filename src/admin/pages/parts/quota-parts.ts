import { bytesText, parseBytes } from '../../../config/byte-sizes.ts';
import type { SpaceLimit } from '../../../config/watch-settings.ts';
import { GatewayError } from '../../../domain/errors.ts';
import type { DiskState, MailboxUsage } from '../../calls/watch.ts';
import { type Html, html, type Part } from '../html.ts';
import { badge, type Tone } from './texts.ts';

/** A size as it is typed, exactly; '' for none. */
export function sizeField(bytes: number | null): string {
  if (bytes === null) return '';
  const text = bytesText(bytes);
  return parseBytes(text) === bytes ? text : String(bytes);
}

/**
 * Null for an empty field.
 * @throws GatewayError 'object-invalid'
 */
export function sizeOf(text: string, label: string): number | null {
  if (text === '') return null;
  const bytes = parseBytes(text);
  if (bytes !== null) return bytes;
  const reason = `${label} is "${text}", which is no size`;
  throw new GatewayError('object-invalid', { reason }, `${reason}. Write it as 5 GiB, 500 MiB or a number of bytes.`);
}

export function spaceField(limit: SpaceLimit | null): string {
  if (limit === null) return '';
  return limit.unit === 'percent' ? `${limit.free} %` : sizeField(limit.free);
}

/** `5 GiB`, `10 %` or nothing. @throws GatewayError 'object-invalid' */
export function spaceOf(text: string, label: string): SpaceLimit | null {
  const percent = /^(\d+(?:\.\d+)?) ?%$/.exec(text)?.[1];
  if (percent !== undefined) return { unit: 'percent', free: Number(percent) };
  const free = sizeOf(text, label);
  return free === null ? null : { unit: 'bytes', free };
}

/** How full a mailbox is. */
export function shareMeter({ share, isWarned, address }: MailboxUsage): Part {
  if (share === null) return html`<span class="muted">no limit</span>`;
  const percent = Math.round(share * 100);
  // The meter's own colours say full and nearly full; the number says it, too.
  return html`<meter min="0" max="1" high="${isWarned ? 0 : 0.9}" value="${Math.min(1, share)}" aria-label="Used by ${address}">${percent} %</meter> ${percent} %`;
}

const DISK: Readonly<Record<DiskState, readonly [string, Tone]>> = {
  ok: ['enough space', 'good'],
  low: ['little space left', 'warn'],
  full: ['full: nothing more is taken', 'bad'],
};

export function diskBadge(state: DiskState): Html {
  return badge(...DISK[state]);
}
