/** Devices by the state of their wipe. Few have one, so only those are in the index. */
export const WIPE = `
ALTER TABLE device_register ADD COLUMN wipe TEXT;
CREATE INDEX device_register_wipe ON device_register (contact, wipe, domain) WHERE wipe IS NOT NULL;
CREATE INDEX device_register_wipe_owner ON device_register (owner, wipe) WHERE wipe IS NOT NULL;
`;
