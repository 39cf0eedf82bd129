import { parseArgs } from 'node:util';
import type { Command } from './command.ts';
import { addressAndDevice, timeText } from './device-commands.ts';

export const deviceRecoveryPassword: Command = {
  words: ['device', 'recovery-password'],
  usage: 'ADDRESS DEVICE [--json]',
  summary: 'show the password that unlocks a device whose own was forgotten',
  help: `A device deposits it where its policy asks for that (PasswordRecoveryEnabled); "device show" says whether one is there
and since when (UTC). The config and the security log tell who saw it, and never what. Most devices make another one
once it was used. It is forgotten when the device is removed or was wiped, and on the day after its policy no longer asks
for it, from which moment on it is not shown.

  --json  one object

Example:
  causeway device recovery-password ann@example.org ApplDNPG1234`,
  prepare(args) {
    const options = { json: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const named = addressAndDevice(positionals);
    return async ({ administration, terminal }) => {
      const shown = await administration.recoveryPasswordShow(named);
      const text = `password:  ${shown.password}\ndeposited: ${timeText(shown.depositedAt)}\n`;
      terminal.out(values.json ? `${JSON.stringify(shown, null, 2)}\n` : text);
      return 0;
    };
  },
};
