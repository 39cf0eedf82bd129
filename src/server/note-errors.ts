import type { DeviceActivity } from '../devices/device-activity.ts';
import { errorOf, wentWell } from '../devices/request-outcome.ts';
import type { GatewayMeasures } from './gateway-measures.ts';

/** The same measures, which also note how requests of devices went, of every protocol that names its device. */
export function notingErrors(measures: GatewayMeasures, activity: DeviceActivity): GatewayMeasures {
  return {
    ...measures,
    onRequest(request) {
      measures.onRequest(request);
      const { mailboxId, fields } = request;
      if (mailboxId === null || typeof fields.device !== 'string') return;
      const alias = fields.device.toLowerCase();
      const what = errorOf(request);
      if (what !== null) activity.noteError(mailboxId, alias, what);
      else if (wentWell(request)) activity.noteSuccess(mailboxId, alias);
    },
  };
}
