import { isContactGroup } from '../../../../src/domain/contact/index-contact.ts';
import { makeComponent } from '../../../../src/formats/content-line/edit.ts';
import { makeLine } from '../../../../src/formats/content-line/line.ts';
import { escapeText } from '../../../../src/formats/content-line/text.ts';
import { formatUtc } from '../../../../src/formats/icalendar/date-time.ts';
import { type Card, cardVersion } from '../../../../src/formats/vcard/card.ts';
import { cardEmails, cardName, cardPhones, cardText } from '../../../../src/formats/vcard/card-views.ts';
import { editCard } from '../../../../src/formats/vcard/edit-card.ts';
import { type Binding, mergeBindings, renderBindings } from '../binding.ts';
import { bodyBinding } from '../body/body-binding.ts';
import { dashedDate } from '../dates.ts';
import type { ApplicationData, Field } from '../field.ts';
import type { MergeOptions, RenderOptions } from '../options.ts';
import { ADDRESS_BINDINGS } from './address-bindings.ts';
import { cardTextBinding } from './card-text.ts';
import { DATE_BINDINGS } from './date-bindings.ts';
import { EMAIL_BINDING, MESSENGER_BINDING, PHONE_BINDING } from './entries.ts';
import { CATEGORIES_BINDING, CHILDREN_BINDING } from './list-bindings.ts';
import { FILE_AS_BINDING, fullName, NAME_BINDING } from './name-binding.ts';
import { ORGANIZATION_BINDING } from './organization-binding.ts';
import { PICTURE_BINDING } from './picture-binding.ts';

const NOTE_BINDING = bodyBinding<Card>({
  read: (card) => ({ plain: cardText(card, 'NOTE') ?? '', html: null }),
  write: (card, { plain }) => editCard(card, { set: { NOTE: plain === '' ? null : plain } }),
});

const BINDINGS: readonly Binding<Card>[] = [
  NAME_BINDING,
  FILE_AS_BINDING,
  ORGANIZATION_BINDING,
  cardTextBinding('Contacts:JobTitle', 'TITLE'),
  cardTextBinding('Contacts:OfficeLocation', 'X-MS-OFFICE-LOCATION', 'X-EVOLUTION-OFFICE'),
  cardTextBinding('Contacts:AssistantName', 'X-ASSISTANT', 'X-EVOLUTION-ASSISTANT', 'X-MS-ASSISTANT'),
  cardTextBinding('Contacts:Spouse', 'X-SPOUSE', 'X-EVOLUTION-SPOUSE', 'X-MS-SPOUSE'),
  cardTextBinding('Contacts:WebPage', 'URL'),
  cardTextBinding('Contacts:YomiFirstName', 'X-PHONETIC-FIRST-NAME'),
  cardTextBinding('Contacts:YomiLastName', 'X-PHONETIC-LAST-NAME'),
  cardTextBinding('Contacts:YomiCompanyName', 'X-PHONETIC-ORG'),
  EMAIL_BINDING,
  PHONE_BINDING,
  ...ADDRESS_BINDINGS,
  ...DATE_BINDINGS,
  CATEGORIES_BINDING,
  CHILDREN_BINDING,
  cardTextBinding('Contacts:Alias', 'X-MS-ALIAS'),
  PICTURE_BINDING,
  MESSENGER_BINDING,
  cardTextBinding('Contacts2:NickName', 'NICKNAME'),
  cardTextBinding('Contacts2:ManagerName', 'X-MANAGER', 'X-EVOLUTION-MANAGER', 'X-MS-MANAGER'),
  cardTextBinding('Contacts2:CustomerId', 'X-MS-CUSTOMER-ID'),
  cardTextBinding('Contacts2:GovernmentId', 'X-MS-GOVERNMENT-ID'),
  cardTextBinding('Contacts2:AccountName', 'X-MS-ACCOUNT-NAME'),
  cardTextBinding('Contacts2:MMS', 'X-MS-MMS'),
  NOTE_BINDING,
];

/** ApplicationData of a contact (MS-ASCNTC); null for a group of contacts, which phones do not know. */
export function renderContact(card: Card, options: RenderOptions): Field[] | null {
  return isContactGroup(card) ? null : renderBindings(BINDINGS, card, options);
}

/**
 * The card after a client's Add (`card` null) or Change; the same object when nothing changed.
 * @throws ClassDataError for data that cannot be taken
 */
export function mergeContact(card: Card | null, fields: ApplicationData, options: MergeOptions): Card {
  if (card === null) return withFormattedName(mergeBindings(BINDINGS, newCard(options), fields, options));
  const merged = mergeBindings(BINDINGS, card, fields, options);
  if (merged === card) return card;
  const revision = cardVersion(card) === '4.0' ? formatUtc(options.now) : dashedDate(options.now).replace('.000', '');
  return editCard(merged, { set: { REV: revision } });
}

function newCard(options: MergeOptions): Card {
  return makeComponent('VCARD', [
    makeLine({ name: 'VERSION', value: '3.0' }),
    makeLine({ name: 'UID', value: escapeText(options.newUid) }),
  ]);
}

/** FN and N are required in 3.0 (RFC 2426 §3.1): from the name, else from whatever tells the contact from others. */
function withFormattedName(card: Card): Card {
  const name = cardName(card);
  const words = [
    name.formatted,
    fullName(name),
    cardText(card, 'X-EVOLUTION-FILE-AS'),
    cardText(card, 'ORG')?.replace(/;+/g, ' ').trim(),
    cardEmails(card)[0]?.value,
    cardPhones(card)[0]?.value,
  ];
  const formatted = words.find((word) => word !== undefined && word !== null && word !== '') ?? '';
  const named = editCard(card, { set: { FN: formatted } });
  return cardText(named, 'N') === null ? editCard(named, { set: { N: ['', '', '', '', ''] } }) : named;
}
