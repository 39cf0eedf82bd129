import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ACTIVESYNC_WIRE } from '../../protocols/activesync/recorder/wire-format.ts';
import { WEBDAV_WIRE } from '../../protocols/webdav/wire-format.ts';
import type { ReplayServices } from '../admin/cli/replay-command.ts';
import { connectAdministration } from '../admin/socket/connect-administration.ts';
import { loadSettings } from '../config/load-settings.ts';
import { SILENT_LOG } from '../observe/log.ts';
import { openBackend } from './compose.ts';
import { startGateway } from './gateway.ts';
import { SYSTEM_CLOCK, SYSTEM_RANDOM } from './system-clock.ts';

/** Replaying with the protocols of this program, and a server of its own in a folder that vanishes. */
export const REPLAY_SERVICES: ReplayServices = {
  formats: [WEBDAV_WIRE, ACTIVESYNC_WIRE],
  async startFresh(mailboxes, password) {
    const folder = await mkdtemp(join(tmpdir(), 'causeway-replay-'));
    const remove = () => rm(folder, { recursive: true, force: true });
    try {
      // The main domain is that of the mailboxes, so that people who sign in without it are found.
      const domain = mailboxes[0]?.split('@')[1] ?? 'example';
      const data = join(folder, 'data');
      const argv = ['--data', data, '--listen', 'http://127.0.0.1:0', '--host-name', `gateway.${domain}`];
      const { settings } = loadSettings({ argv, env: {}, cwd: folder });
      const parts = { settings, clock: SYSTEM_CLOCK, random: SYSTEM_RANDOM, log: SILENT_LOG, openBackend };
      const gateway = await startGateway(parts);
      const close = () => gateway.close().finally(remove);
      await addMailboxes(data, mailboxes, password).catch(async (error: unknown) => {
        await close();
        throw error;
      });
      return { url: new URL(gateway.listeners[0]!.url), close };
    } catch (error) {
      await remove();
      throw error;
    }
  },
};

async function addMailboxes(data: string, mailboxes: readonly string[], password: string): Promise<void> {
  const client = await connectAdministration(data);
  if (client === null) throw new Error('the server that was just started does not answer on its socket');
  try {
    for (const address of mailboxes) {
      await client.administration.userAdd({ address, password, isAdmin: false, displayName: null });
    }
  } finally {
    await client.close();
  }
}
