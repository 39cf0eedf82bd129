import type Koa from 'koa';
import type { ClassVersion } from '../classes/version.ts';
import type { EasCommand } from '../command.ts';

/** Versions spoken, ascending: clients take the last entry, or the highest they know (MS-ASHTTP §2.2.3.2.7). */
export const SERVED_VERSIONS = ['12.1', '14.0', '14.1'] as const;

/** What is spoken and served, in headers. */
export function offer(commands: Iterable<EasCommand>): Readonly<Record<string, string>> {
  return {
    'MS-ASProtocolVersions': SERVED_VERSIONS.join(','),
    'MS-ASProtocolCommands': [...commands].map(({ name }) => name).join(','),
  };
}

/** OPTIONS (MS-ASHTTP §2.2.3.2): what is spoken and served. No device is told of, so none is registered. */
export function answerOptions(ctx: Koa.Context, commands: Iterable<EasCommand>): void {
  ctx.body = '';
  ctx.status = 200;
  ctx.remove('Content-Type');
  ctx.set('Allow', 'OPTIONS,POST');
  ctx.set('Public', 'OPTIONS,POST');
  ctx.set(offer(commands));
}

/** Whether this is a version that is spoken. */
export function isServed(version: string): version is ClassVersion {
  return (SERVED_VERSIONS as readonly string[]).includes(version);
}
