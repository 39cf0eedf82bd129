import { addressOf } from '../../../../src/domain/address.ts';
import { isAtLeast } from '../../classes/version.ts';
import type { EasContext } from '../../command.ts';
import { el, type WbxElement } from '../../wbxml/element.ts';
import { SETTING_STATUS, settingAnswer } from './setting-status.ts';

/**
 * UserInformation Get (MS-ASCMD §2.2.3.192): the person's address. From 14.1 on by accounts; there is one, without AccountId,
 * which is for mailboxes elsewhere that a server fetches.
 */
export async function answerUserInformation({ principal, version }: EasContext): Promise<WbxElement> {
  const address = addressOf(principal);
  const isByAccount = isAtLeast(version, '14.1');
  const addresses = el(
    'Settings:EmailAddresses',
    el('Settings:SMTPAddress', address),
    isByAccount ? el('Settings:PrimarySmtpAddress', address) : null,
  );
  const name = principal.displayName ?? principal.localPart;
  const got = isByAccount
    ? el('Settings:Accounts', el('Settings:Account', el('Settings:UserDisplayName', name), addresses))
    : addresses;
  return settingAnswer('Settings:UserInformation', SETTING_STATUS.done, el('Settings:Get', got));
}
