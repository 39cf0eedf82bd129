import { DEVICE_PAGE } from './admin/device.ts';
import { DEVICES_PAGE } from './admin/devices.ts';
import type { Page } from './page.ts';

/** Every page, in the order of the menu. */
export const ALL_PAGES: readonly Page[] = [DEVICES_PAGE, DEVICE_PAGE];
