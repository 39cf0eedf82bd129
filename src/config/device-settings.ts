/** What a setting of devices may be. Lists hold names of programs or hashes of them. */
export type DeviceSettingKind =
  | { readonly type: 'boolean' }
  | { readonly type: 'list' }
  | {
      readonly type: 'number';
      readonly min: number;
      readonly max: number;
      /** The only values, where not every number is one. */
      readonly values?: readonly number[];
      readonly mayBeEmpty?: boolean;
    };

export interface DeviceSetting {
  readonly kind: DeviceSettingKind;
  /** What asks for nothing; it is sent where nothing is set, so that a device lets go of what was demanded before. */
  readonly unset: string;
}

const BOOLEAN: DeviceSettingKind = { type: 'boolean' };
const MOST = 0xffff_ffff;

/** Off unless asked for. */
const DEMAND: DeviceSetting = { kind: BOOLEAN, unset: '0' };
/** Allowed unless forbidden. */
const PERMISSION: DeviceSetting = { kind: BOOLEAN, unset: '1' };

function limit(min: number, max: number): DeviceSetting {
  return { kind: { type: 'number', min, max, mayBeEmpty: true }, unset: '' };
}

function number(min: number, max: number, unset: number): DeviceSetting {
  return { kind: { type: 'number', min, max }, unset: String(unset) };
}

function choice(values: readonly number[], unset: number): DeviceSetting {
  return { kind: { type: 'number', min: values[0]!, max: values.at(-1)!, values }, unset: String(unset) };
}

/** Settings that a policy can hold, in the order in which they are sent, with their values (MS-ASPROV §2.2.2). */
export const DEVICE_SETTINGS: Readonly<Record<string, DeviceSetting>> = {
  DevicePasswordEnabled: DEMAND,
  AlphanumericDevicePasswordRequired: DEMAND,
  PasswordRecoveryEnabled: DEMAND,
  RequireStorageCardEncryption: DEMAND,
  AttachmentsEnabled: PERMISSION,
  MinDevicePasswordLength: limit(1, 16),
  /** Seconds; 9999 and more is for ever. */
  MaxInactivityTimeDeviceLock: limit(0, MOST),
  MaxDevicePasswordFailedAttempts: limit(4, 16),
  /** Bytes. */
  MaxAttachmentSize: limit(0, MOST),
  AllowSimpleDevicePassword: PERMISSION,
  /** Days; 0 is for ever. */
  DevicePasswordExpiration: number(0, MOST, 0),
  /** Passwords that may not come again. */
  DevicePasswordHistory: number(0, MOST, 0),
  AllowStorageCard: PERMISSION,
  AllowCamera: PERMISSION,
  RequireDeviceEncryption: DEMAND,
  AllowUnsignedApplications: PERMISSION,
  AllowUnsignedInstallationPackages: PERMISSION,
  /** Of the four kinds of characters, how many a password needs. */
  MinDevicePasswordComplexCharacters: number(1, 4, 1),
  AllowWiFi: PERMISSION,
  AllowTextMessaging: PERMISSION,
  AllowPOPIMAPEmail: PERMISSION,
  /** 0 off, 1 hands-free only, 2 on. */
  AllowBluetooth: choice([0, 1, 2], 2),
  AllowIrDA: PERMISSION,
  RequireManualSyncWhenRoaming: DEMAND,
  AllowDesktopSync: PERMISSION,
  /** As FilterType: 0 all, 4 two weeks to 7 half a year. */
  MaxCalendarAgeFilter: choice([0, 4, 5, 6, 7], 0),
  AllowHTMLEmail: PERMISSION,
  /** As FilterType: 0 all, 1 a day to 5 a month. */
  MaxEmailAgeFilter: choice([0, 1, 2, 3, 4, 5], 0),
  /** Kilobytes; -1 is all. */
  MaxEmailBodyTruncationSize: number(-1, 0x7fff_ffff, -1),
  MaxEmailHTMLBodyTruncationSize: number(-1, 0x7fff_ffff, -1),
  RequireSignedSMIMEMessages: DEMAND,
  RequireEncryptedSMIMEMessages: DEMAND,
  /** 0 SHA-1, 1 MD5. */
  RequireSignedSMIMEAlgorithm: choice([0, 1], 0),
  /** 0 triple DES, 1 DES, 2 to 4 RC2 of 128, 64, 40 bits. */
  RequireEncryptionSMIMEAlgorithm: choice([0, 1, 2, 3, 4], 0),
  /** 0 no, 1 a strong one, 2 any. */
  AllowSMIMEEncryptionAlgorithmNegotiation: choice([0, 1, 2], 2),
  AllowSMIMESoftCerts: PERMISSION,
  AllowBrowser: PERMISSION,
  AllowConsumerEmail: PERMISSION,
  AllowRemoteDesktop: PERMISSION,
  AllowInternetSharing: PERMISSION,
  UnapprovedInROMApplicationList: { kind: { type: 'list' }, unset: '' },
  ApprovedApplicationList: { kind: { type: 'list' }, unset: '' },
};
