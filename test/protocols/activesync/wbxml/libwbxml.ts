import { spawnSync } from 'node:child_process';

/** Debian's libwbxml2-utils: a reader and writer of WBXML that shares nothing with ours. */
const isInstalled = ['xml2wbxml', 'wbxml2xml'].every((tool) => spawnSync(tool, ['-h']).error === undefined);

/** Options of a test that needs it. */
export const needsLibwbxml = isInstalled
  ? {}
  : { skip: 'xml2wbxml and wbxml2xml (Debian libwbxml2-utils) are not installed' };

/** What libwbxml reads in a document, in one line, white space kept. */
export function libwbxmlRead(wbxml: Uint8Array): string {
  return run('wbxml2xml', ['-l', 'ACTIVESYNC', '-m', '0', '-k'], wbxml);
}

/** What libwbxml writes for a document; `options` as the tool has them (-a: public id 1, -n: no string table). */
export function libwbxmlWrite(xml: string, options: readonly string[] = ['-a', '-n']): Buffer {
  return Buffer.from(run('xml2wbxml', ['-v', '1.3', ...options], Buffer.from(xml), 'latin1'), 'latin1');
}

function run(
  tool: string,
  options: readonly string[],
  input: Uint8Array,
  encoding: 'utf8' | 'latin1' = 'utf8',
): string {
  const { stdout, stderr, status } = spawnSync(tool, [...options, '-o', '-', '-'], { input });
  if (status !== 0 || stdout.length === 0) throw new Error(`${tool}: ${stderr}`);
  return stdout.toString(encoding);
}
