import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeContact, renderContact } from '../../../protocols/activesync/classes/contacts/contacts-class.ts';
import { findField } from '../../../protocols/activesync/classes/field.ts';
import { type ClientFacts, quirksOf } from '../../../protocols/activesync/quirks.ts';
import { ianaZone } from '../../../src/domain/calendar/iana-zone.ts';
import { parseCard, serializeCard } from '../../../src/formats/vcard/card.ts';
import { changed, options } from './classes/samples.ts';

const UNKNOWN: ClientFacts = { deviceType: '', userAgent: '', version: '14.1', os: '', model: '' };

const CLIENTS: readonly (readonly [string, Partial<ClientFacts>, string, readonly string[]])[] = [
  ['AOSP', { deviceType: 'Android', userAgent: 'Android/4.4.2-EAS-1.3' }, '08:00', ['08:00', '00:00']],
  ['iPhone', { deviceType: 'iPhone', userAgent: 'Apple-iPhone7C2/1202.466' }, '08:00', ['08:00', '00:00']],
  ['Gmail', { deviceType: 'Android', userAgent: 'Android-Mail/2023.1.1' }, '00:00', ['12:00', '00:00']],
  ['Samsung', { deviceType: 'SAMSUNGSMG900F', userAgent: 'SAMSUNG-SM-G900F/101' }, '00:00', ['00:00']],
  ['BlackBerry', { deviceType: 'BlackBerry', userAgent: 'RIM-Z10/10.3' }, '11:00', ['11:00']],
];

const ZONES = ['America/Los_Angeles', 'Europe/Berlin', 'Asia/Kolkata', 'Pacific/Auckland', 'Pacific/Kiritimati'];

for (const [name, facts, shownAt, sentAt] of CLIENTS) {
  const { dayHours } = quirksOf({ ...UNKNOWN, ...facts });
  const given = (zone: string) => options({ zone: ianaZone(zone)!, ...(dayHours === undefined ? {} : { dayHours }) });
  const card = parseCard(
    Buffer.from(['BEGIN:VCARD', 'VERSION:3.0', 'UID:u', 'FN:A', 'BDAY:1980-02-29', 'END:VCARD', ''].join('\r\n')),
  );

  test(`${name} is shown a birthday at ${shownAt} UTC`, () => {
    const birthday = findField(renderContact(card, given('Europe/Berlin'))!, 'Contacts:Birthday');
    assert.equal(birthday?.value, `1980-02-29T${shownAt}:00.000Z`);
  });

  test(`${name}: the hours it sends mean the same day, and leave the card as it is, in every zone`, () => {
    for (const zone of ZONES) {
      for (const hour of sentAt) {
        const sent = (day: string) =>
          changed(renderContact(card, given(zone))!, { 'Contacts:Birthday': `${day}T${hour}:00.000Z` });
        assert.equal(mergeContact(card, sent('1980-02-29'), given(zone)), card, `${hour} in ${zone}`);
        const moved = mergeContact(card, sent('1981-07-15'), given(zone));
        assert.match(Buffer.from(serializeCard(moved)).toString(), /BDAY:1981-07-15\r\n/, `${hour} in ${zone}`);
      }
    }
  });
}

test('a client that nothing is known of has no quirks', () => {
  assert.deepEqual(quirksOf(UNKNOWN), {});
  assert.deepEqual(quirksOf({ ...UNKNOWN, deviceType: 'Outlook', userAgent: 'Outlook-iOS-Android/1.0' }), {});
});

test('Outlook and Windows Mail keep what they moved; Outlook is not told of a collection that is gone', () => {
  for (const deviceType of ['WindowsOutlook15', 'WindowsOutlook']) {
    const { keepsMovedItems, omitsMissing } = quirksOf({ ...UNKNOWN, deviceType });
    assert.deepEqual([keepsMovedItems, omitsMissing], [true, true]);
  }
  assert.deepEqual(quirksOf({ ...UNKNOWN, deviceType: 'WindowsMail' }), { keepsMovedItems: true });
});

test('an iPhone sends an empty Picture without meaning it', () => {
  for (const deviceType of ['iPhone', 'iPad']) {
    assert.equal(quirksOf({ ...UNKNOWN, deviceType }).emptyPictureStays, true);
  }
});

test('phones of HTC, LG and Sony send events without an end', () => {
  for (const deviceType of ['HTCOneM8', 'htcPyramid', 'HTCOnemini2', 'LGD855', 'SonyD6603', 'SonyEricssonLT26i']) {
    assert.equal(quirksOf({ ...UNKNOWN, deviceType }).leavesOutEnd, true);
  }
});

test('EAS-4-TbSync holds nothing at key 0, whatever its user has it say as User-Agent', () => {
  for (const userAgent of ['Thunderbird ActiveSync', 'Android-Mail/7.11', 'MSFT-WP/8.0']) {
    assert.deepEqual(quirksOf({ ...UNKNOWN, deviceType: 'TbSync', userAgent }), { holdsNothingAtKeyZero: true });
  }
});

const ALL = ['Calendar', 'Contacts', 'Tasks', 'Notes'];

for (const [name, facts, classes] of [
  ['Samsung Email', { deviceType: 'SAMSUNGSMG900F' }, ALL],
  ['Samsung Email by its User-Agent', { deviceType: 'Android', userAgent: 'SAMSUNG-SM-G900F/101' }, ALL],
  ['Android 4.3', { deviceType: 'Android', userAgent: 'Android/4.3-EAS-1.3' }, ALL],
  ['Android 2.3, which says no release in its User-Agent', { userAgent: 'Android/0.3' }, ALL],
  ['Android 4.4.2', { userAgent: 'Android/4.4.2-EAS-1.3' }, ['Contacts', 'Tasks', 'Notes']],
  ['Android 5.1 by DeviceInformation', { userAgent: 'Android/0.3', os: 'Android 5.1' }, ['Contacts', 'Tasks', 'Notes']],
  ['Android 10', { userAgent: 'Android/10-EAS-2.0' }, ['Contacts', 'Tasks', 'Notes']],
  ['HTC One mini 2', { deviceType: 'HTCOnemini2', userAgent: 'Android/4.4.2' }, ALL],
  ['Windows Mobile', { deviceType: 'PocketPC', userAgent: 'MSFT-PPC/5.2.5082' }, ALL],
  ['Windows Mobile in a base64 query', { deviceType: 'SP' }, ALL],
  ['Windows Phone 8.0', { deviceType: 'WP8', userAgent: 'MSFT-WP/8.0.10501' }, ['Calendar', 'Contacts', 'Notes']],
  ['Windows Phone 8.1', { deviceType: 'WP8', userAgent: 'MSFT-WP/8.10.14219' }, ['Contacts']],
  ['Outlook 2016', { deviceType: 'WindowsOutlook15', userAgent: 'Outlook/16.0' }, ['Contacts']],
  ['iPad', { deviceType: 'iPad', userAgent: 'Apple-iPad4C1/1202.466' }, ['Notes']],
  ['the Gmail app', { deviceType: 'Android', userAgent: 'Android-Mail/2023.1.1', os: 'Android 4.0' }, []],
  ['Nine', { deviceType: 'Android', userAgent: 'Nine-Galaxy/4.0' }, []],
  ['Outlook mobile', { deviceType: 'Outlook', userAgent: 'Outlook-iOS-Android/1.0', os: 'Android 9' }, []],
] as const) {
  test(`${name} has one folder of: ${classes.join(', ') || 'no class'}`, () => {
    assert.deepEqual(quirksOf({ ...UNKNOWN, ...facts }).oneFolderOf ?? [], classes);
  });
}
