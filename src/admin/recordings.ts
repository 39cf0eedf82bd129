import { GatewayError } from '../domain/errors.ts';
import type { Recorder } from '../recorder/recorder.ts';
import { formatAddress } from './address.ts';
import type { Administration } from './administration.ts';
import type { AdministrationParts } from './create-administration.ts';
import { requireUser } from './users.ts';

type RecordingCalls = Pick<
  Administration,
  'recordStart' | 'recordList' | 'recordStop' | 'recordRemove' | 'recordFiles' | 'recordRead'
>;

/** The calls about recorded exchanges. */
export function recordingCalls(parts: AdministrationParts): RecordingCalls {
  const recorder = (): Recorder => {
    if (parts.recorder !== undefined) return parts.recorder;
    const reason = 'there is no place for recordings';
    throw new GatewayError('store-unavailable', { reason }, `Nothing can be recorded: ${reason}.`);
  };
  return {
    async recordStart({ address, device, minutes, withContents }) {
      const user = formatAddress(await requireUser(parts, address));
      return recorder().start({ address: user, device, minutes, withContents });
    },
    recordList: async () => recorder().list(),
    recordStop: async ({ id }) => recorder().stop(id),
    recordRemove: async ({ id }) => recorder().remove(id),
    recordFiles: async ({ id }) => recorder().files(id),
    recordRead: async ({ id, name, start, end }) => recorder().read(id, name, start, end),
  };
}
