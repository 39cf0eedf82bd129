import assert from 'node:assert/strict';
import { DEVICE_POLICY_SETTING } from '../../../../src/config/device-policy.ts';
import type { Phone } from '../../../support/eas/phone.ts';
import type { EasServer } from '../support.ts';
import { exchange } from './exchange.ts';

const TYPE = 'MS-EAS-Provisioning-WBXML';

export const information = (fields: string) => `
  <DeviceInformation xmlns="Settings:"><Set>${fields}</Set></DeviceInformation>`;

export const ask = (more = information('<Model>One</Model>'), type = TYPE) => `
  <Provision xmlns="Provision:">${more}
    <Policies><Policy><PolicyType>${type}</PolicyType></Policy></Policies>
  </Provision>`;

export const acknowledge = (key: string, status: string) => `
  <Provision xmlns="Provision:"><Policies><Policy>
    <PolicyType>${TYPE}</PolicyType>${key === '' ? '' : `<PolicyKey>${key}</PolicyKey>`}<Status>${status}</Status>
  </Policy></Policies></Provision>`;

/** What asks for nothing, in the order of the specification's list. */
export const OPEN = `
  <DevicePasswordEnabled>0</DevicePasswordEnabled>
  <AlphanumericDevicePasswordRequired>0</AlphanumericDevicePasswordRequired>
  <PasswordRecoveryEnabled>0</PasswordRecoveryEnabled>
  <DeviceEncryptionEnabled>0</DeviceEncryptionEnabled>
  <AttachmentsEnabled>1</AttachmentsEnabled>
  <MinDevicePasswordLength/>
  <MaxInactivityTimeDeviceLock/>
  <MaxDevicePasswordFailedAttempts/>
  <MaxAttachmentSize/>
  <AllowSimpleDevicePassword>1</AllowSimpleDevicePassword>
  <DevicePasswordExpiration>0</DevicePasswordExpiration>
  <DevicePasswordHistory>0</DevicePasswordHistory>
  <AllowStorageCard>1</AllowStorageCard>
  <AllowCamera>1</AllowCamera>
  <RequireDeviceEncryption>0</RequireDeviceEncryption>
  <AllowUnsignedApplications>1</AllowUnsignedApplications>
  <AllowUnsignedInstallationPackages>1</AllowUnsignedInstallationPackages>
  <MinDevicePasswordComplexCharacters>1</MinDevicePasswordComplexCharacters>
  <AllowWiFi>1</AllowWiFi>
  <AllowTextMessaging>1</AllowTextMessaging>
  <AllowPOPIMAPEmail>1</AllowPOPIMAPEmail>
  <AllowBluetooth>2</AllowBluetooth>
  <AllowIrDA>1</AllowIrDA>
  <RequireManualSyncWhenRoaming>0</RequireManualSyncWhenRoaming>
  <AllowDesktopSync>1</AllowDesktopSync>
  <MaxCalendarAgeFilter>0</MaxCalendarAgeFilter>
  <AllowHTMLEmail>1</AllowHTMLEmail>
  <MaxEmailAgeFilter>0</MaxEmailAgeFilter>
  <MaxEmailBodyTruncationSize>-1</MaxEmailBodyTruncationSize>
  <MaxEmailHTMLBodyTruncationSize>-1</MaxEmailHTMLBodyTruncationSize>
  <RequireSignedSMIMEMessages>0</RequireSignedSMIMEMessages>
  <RequireEncryptedSMIMEMessages>0</RequireEncryptedSMIMEMessages>
  <RequireSignedSMIMEAlgorithm>0</RequireSignedSMIMEAlgorithm>
  <RequireEncryptionSMIMEAlgorithm>0</RequireEncryptionSMIMEAlgorithm>
  <AllowSMIMEEncryptionAlgorithmNegotiation>2</AllowSMIMEEncryptionAlgorithmNegotiation>
  <AllowSMIMESoftCerts>1</AllowSMIMESoftCerts>
  <AllowBrowser>1</AllowBrowser>
  <AllowConsumerEmail>1</AllowConsumerEmail>
  <AllowRemoteDesktop>1</AllowRemoteDesktop>
  <AllowInternetSharing>1</AllowInternetSharing>
  <UnapprovedInROMApplicationList/>
  <ApprovedApplicationList/>`;

export const INFORMED = '<DeviceInformation xmlns="Settings:"><Status>1</Status></DeviceInformation>';

export const offered = (settings = OPEN, before = INFORMED) => `
  <Provision xmlns="Provision:">${before}<Status>1</Status><Policies><Policy>
    <PolicyType>${TYPE}</PolicyType><Status>1</Status><PolicyKey>{key}</PolicyKey>
    <Data><EASProvisionDoc>${settings}</EASProvisionDoc></Data>
  </Policy></Policies></Provision>`;

export const ACCEPTED = `
  <Provision xmlns="Provision:"><Status>1</Status><Policies><Policy>
    <PolicyType>${TYPE}</PolicyType><Status>1</Status><PolicyKey>{key}</PolicyKey>
  </Policy></Policies></Provision>`;

export const policyStatus = (status: number, type = TYPE, before = '') => `
  <Provision xmlns="Provision:">${before}<Status>1</Status><Policies><Policy>
    <PolicyType>${type}</PolicyType><Status>${status}</Status>
  </Policy></Policies></Provision>`;

export const status = (code: number) => `<Provision xmlns="Provision:"><Status>${code}</Status></Provision>`;

/** Any other command; its own status is none of 14x. */
const OTHER = '<Search xmlns="Search:"><Store><Name>GAL</Name><Query>bert</Query></Store></Search>';

export async function statusOfOther(phone: Phone): Promise<number> {
  const answer = await phone.post('Search', OTHER);
  return answer.status === 200 ? Number(/<Status>(\d+)</.exec(answer.xml)?.[1]) : answer.status;
}

export async function provision(phone: Phone, settings = OPEN): Promise<string> {
  const before = (phone.options.version ?? '14.1') === '14.1' ? INFORMED : '';
  const { key: temporary } = await exchange(phone, 'Provision', ask(), offered(settings, before));
  const { key } = await exchange(phone, 'Provision', acknowledge(temporary!, '1'), ACCEPTED);
  assert.notEqual(key, temporary);
  return key!;
}

export function setPolicy(server: EasServer, value: unknown): Promise<void> {
  return server.environment.directory.setSetting(DEVICE_POLICY_SETTING, value, 'test');
}

export async function deviceOf(server: EasServer, alias = 'phone1', principal = server.anna) {
  return server.environment.sync.store.read(principal.mailboxId).deviceByAlias(alias);
}
