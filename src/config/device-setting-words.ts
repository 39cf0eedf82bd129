/** What a setting of devices is called and does, for people. */
export interface DeviceSettingWords {
  readonly group:
    | 'Password'
    | 'Storage'
    | 'Device'
    | 'Programs'
    | 'Mail and calendar'
    | 'Signing and encryption of mail';
  readonly label: string;
  readonly hint?: string;
  /** What each value means, where it is not its number. */
  readonly values?: Readonly<Record<string, string>>;
}

const AGES = {
  0: 'everything',
  1: 'one day',
  2: 'three days',
  3: 'one week',
  4: 'two weeks',
  5: 'one month',
  6: 'three months',
  7: 'half a year',
};

/** Words for each of `DEVICE_SETTINGS`, in the order in which people look for them. */
export const DEVICE_SETTING_WORDS: Readonly<Record<string, DeviceSettingWords>> = {
  DevicePasswordEnabled: { group: 'Password', label: 'A password is needed to unlock' },
  AlphanumericDevicePasswordRequired: { group: 'Password', label: 'Letters and digits are needed' },
  AllowSimpleDevicePassword: { group: 'Password', label: 'Simple passwords (1111, 1234)' },
  MinDevicePasswordLength: { group: 'Password', label: 'Shortest password', hint: 'Characters.' },
  MinDevicePasswordComplexCharacters: {
    group: 'Password',
    label: 'Kinds of characters needed',
    hint: 'Of capitals, small letters, digits, others.',
  },
  MaxDevicePasswordFailedAttempts: { group: 'Password', label: 'Wrong passwords until the device erases itself' },
  MaxInactivityTimeDeviceLock: {
    group: 'Password',
    label: 'Locks itself after',
    hint: 'Seconds without use; 9999 and more is never.',
  },
  DevicePasswordExpiration: { group: 'Password', label: 'A new password every', hint: 'Days; 0 is never.' },
  DevicePasswordHistory: { group: 'Password', label: 'Passwords that may not come again', hint: 'How many.' },
  PasswordRecoveryEnabled: {
    group: 'Password',
    label: 'A recovery password is deposited here',
    hint: 'Unlocks a device whose password was forgotten; only where a password is needed.',
  },
  RequireDeviceEncryption: { group: 'Storage', label: 'The device is encrypted' },
  RequireStorageCardEncryption: { group: 'Storage', label: 'Storage cards are encrypted' },
  AllowStorageCard: { group: 'Storage', label: 'Storage cards' },
  AllowCamera: { group: 'Device', label: 'Camera' },
  AllowWiFi: { group: 'Device', label: 'Wi-Fi' },
  AllowBluetooth: { group: 'Device', label: 'Bluetooth', values: { 0: 'off', 1: 'hands-free only', 2: 'on' } },
  AllowIrDA: { group: 'Device', label: 'Infrared' },
  AllowTextMessaging: { group: 'Device', label: 'Text messages' },
  AllowInternetSharing: { group: 'Device', label: 'Sharing its internet connection' },
  AllowRemoteDesktop: { group: 'Device', label: 'Remote desktop from it' },
  AllowDesktopSync: { group: 'Device', label: 'Synchronising with a computer' },
  RequireManualSyncWhenRoaming: { group: 'Device', label: 'Abroad it synchronises only by hand' },
  AllowBrowser: { group: 'Programs', label: 'The built-in browser' },
  AllowConsumerEmail: { group: 'Programs', label: 'Private mail accounts' },
  AllowPOPIMAPEmail: { group: 'Programs', label: 'POP and IMAP accounts' },
  AllowUnsignedApplications: { group: 'Programs', label: 'Programs without a signature' },
  AllowUnsignedInstallationPackages: { group: 'Programs', label: 'Installing what has no signature' },
  ApprovedApplicationList: {
    group: 'Programs',
    label: 'Only these programs may run',
    hint: 'SHA-1 hashes, one on each line; empty: any.',
  },
  UnapprovedInROMApplicationList: {
    group: 'Programs',
    label: 'Built-in programs that may not run',
    hint: 'Names of files, one on each line.',
  },
  AttachmentsEnabled: { group: 'Mail and calendar', label: 'Attachments' },
  MaxAttachmentSize: { group: 'Mail and calendar', label: 'Largest attachment', hint: 'Bytes.' },
  AllowHTMLEmail: { group: 'Mail and calendar', label: 'Mail as HTML' },
  MaxEmailAgeFilter: { group: 'Mail and calendar', label: 'Mail of at most', values: AGES },
  MaxCalendarAgeFilter: { group: 'Mail and calendar', label: 'Calendar of at most', values: AGES },
  MaxEmailBodyTruncationSize: {
    group: 'Mail and calendar',
    label: 'Plain texts are cut after',
    hint: 'Kilobytes; -1 is never.',
  },
  MaxEmailHTMLBodyTruncationSize: {
    group: 'Mail and calendar',
    label: 'HTML texts are cut after',
    hint: 'Kilobytes; -1 is never.',
  },
  RequireSignedSMIMEMessages: { group: 'Signing and encryption of mail', label: 'Mail is signed (S/MIME)' },
  RequireEncryptedSMIMEMessages: { group: 'Signing and encryption of mail', label: 'Mail is encrypted (S/MIME)' },
  RequireSignedSMIMEAlgorithm: {
    group: 'Signing and encryption of mail',
    label: 'Signed with',
    values: { 0: 'SHA-1', 1: 'MD5' },
  },
  RequireEncryptionSMIMEAlgorithm: {
    ...{ group: 'Signing and encryption of mail', label: 'Encrypted with' },
    values: { 0: 'triple DES', 1: 'DES', 2: 'RC2, 128 bits', 3: 'RC2, 64 bits', 4: 'RC2, 40 bits' },
  },
  AllowSMIMEEncryptionAlgorithmNegotiation: {
    ...{ group: 'Signing and encryption of mail', label: 'Another algorithm may be agreed on' },
    values: { 0: 'no', 1: 'a strong one', 2: 'any' },
  },
  AllowSMIMESoftCerts: { group: 'Signing and encryption of mail', label: 'Certificates kept in software' },
};
