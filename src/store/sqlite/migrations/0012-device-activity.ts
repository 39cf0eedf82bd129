/** How the requests of each device went and ended lately, beside the device, since it is written together with that of many others. */
export const DEVICE_ACTIVITY = `
CREATE TABLE device_activity (
  mailbox_id INTEGER NOT NULL,
  device_id TEXT NOT NULL,
  -- As JSON: never searched, always read and written whole, and of bounded length.
  facts TEXT NOT NULL,
  PRIMARY KEY (mailbox_id, device_id)
) STRICT, WITHOUT ROWID;
`;
