import type { Visit } from '../page.ts';

export const DEVICE_PATH = '/admin/devices/:address/:device';

export const WIPE_PATH = `${DEVICE_PATH}/wipe`;

/** The device of the path, as calls name it. */
export function nameOf({ params }: Visit): { readonly address: string; readonly device: string } {
  return { address: params.address ?? '', device: params.device ?? '' };
}
