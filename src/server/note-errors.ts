import { type DeviceActivity, errorOf } from '../devices/device-activity.ts';
import type { GatewayMeasures } from './gateway-measures.ts';

/** The same measures, which also note the requests of devices that did not go well, of every protocol that names its device. */
export function notingErrors(measures: GatewayMeasures, activity: DeviceActivity): GatewayMeasures {
  return {
    ...measures,
    onRequest(request) {
      measures.onRequest(request);
      const { user, fields } = request;
      if (user === null || typeof fields.device !== 'string') return;
      const what = errorOf(request);
      if (what !== null) activity.noteError(user, fields.device.toLowerCase(), what);
    },
  };
}
