import { ACCESS_PAGE } from './admin/access.ts';
import { ADDRESS_GROUPS_PAGE } from './admin/address-groups.ts';
import { CONFLICTS_PAGE } from './admin/conflicts.ts';
import { CONNECTIONS_PAGE } from './admin/connections.ts';
import { DEVICE_PAGE } from './admin/device.ts';
import { DEVICES_PAGE } from './admin/devices.ts';
import { GROUPS_PAGE } from './admin/groups.ts';
import { LOG_PAGE } from './admin/log.ts';
import { LOGS_PAGE } from './admin/logs.ts';
import { OUTBOX_PAGE } from './admin/outbox.ts';
import { OVERVIEW_PAGE } from './admin/overview.ts';
import { POLICIES_PAGE } from './admin/policies.ts';
import { QUARANTINE_PAGE } from './admin/quarantine.ts';
import { QUOTAS_PAGE } from './admin/quotas.ts';
import { RECORDING_PAGE } from './admin/recording.ts';
import { RECORDINGS_PAGE } from './admin/recordings.ts';
import { SERVICES_PAGE } from './admin/services.ts';
import { USER_PAGE } from './admin/user.ts';
import { USERS_PAGE } from './admin/users.ts';
import { WIPE_PAGE } from './admin/wipe.ts';
import { WIPES_PAGE } from './admin/wipes.ts';
import { MY_APP_PASSWORDS_PAGE } from './me/app-passwords.ts';
import { MY_DEVICE_PAGE } from './me/device.ts';
import { ME_PAGE } from './me/home.ts';
import { MY_SETUP_PAGE } from './me/setup.ts';
import type { Page } from './page.ts';

/** Every page, in the order of the menu. */
export const ALL_PAGES: readonly Page[] = [
  OVERVIEW_PAGE,
  DEVICES_PAGE,
  DEVICE_PAGE,
  WIPE_PAGE,
  ACCESS_PAGE,
  POLICIES_PAGE,
  CONFLICTS_PAGE,
  QUARANTINE_PAGE,
  WIPES_PAGE,
  USERS_PAGE,
  USER_PAGE,
  GROUPS_PAGE,
  QUOTAS_PAGE,
  SERVICES_PAGE,
  CONNECTIONS_PAGE,
  ADDRESS_GROUPS_PAGE,
  OUTBOX_PAGE,
  LOGS_PAGE,
  LOG_PAGE,
  RECORDINGS_PAGE,
  RECORDING_PAGE,
  ME_PAGE,
  MY_DEVICE_PAGE,
  MY_APP_PASSWORDS_PAGE,
  MY_SETUP_PAGE,
];
