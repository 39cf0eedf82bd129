/** Runs inside Thunderbird. What a person does with TbSync, and with the address books and calendars that it fills. */
import { MailServices, promptAnswers, prompts, tbSync } from 'chrome://causeway/content/load.mjs';

const { VCardUtils } = ChromeUtils.importESModule('resource:///modules/VCardUtils.sys.mjs');
const { cal } = ChromeUtils.importESModule('resource:///modules/calendar/calUtils.sys.mjs');
const { CalRecurrenceInfo } = ChromeUtils.importESModule('resource:///modules/CalRecurrenceInfo.sys.mjs');
const { setTimeout } = ChromeUtils.importESModule('resource://gre/modules/Timer.sys.mjs');

/** For 1.5 s after the server changed an item TbSync takes a change of it for the server's. */
const FREEZE_MS = 1_600;

let account = null;

/** What its own page for new accounts does with what was filled in. */
export async function addAccount({ name, user, password, host }) {
  const { ProviderData, providers } = tbSync();
  const provider = new ProviderData('eas');
  const entries = { ...provider.getDefaultAccountEntries(), user, servertype: 'custom', host, https: false };
  account = provider.addAccount(name, entries);
  await providers.eas.network.getAuthData(account).updateLoginData(user, password);
  tbSync().core.enableAccount(account.accountID);
  return account.getAccountProperty('deviceId');
}

export async function changePassword({ password }) {
  const data = tbSync().providers.eas.network.getAuthData(account);
  await data.updateLoginData(data.user, password);
}

/** Switches the account off and on again: it forgets its folders, its keys and all that it fetched. */
export function startOver() {
  const { core } = tbSync();
  core.disableAccount(account.accountID);
  core.enableAccount(account.accountID);
}

export function answerNextPrompt(answer) {
  promptAnswers.push(answer);
}

/** Synchronises the account as its button does. `log` has what it told a person meanwhile. */
export async function sync() {
  const { core, eventlog } = tbSync();
  eventlog.clear();
  prompts.length = 0;
  await core.syncAccount(account.accountID);
  const property = (name) => account.getAccountProperty(name);
  return {
    status: property('status'),
    version: property('asversion'),
    allowed: { versions: property('allowedEasVersions'), commands: property('allowedEasCommands') },
    isProvisioned: property('provision'),
    policyKey: property('policykey'),
    folders: account.getAllFolders().map((folder) => ({
      name: folder.getFolderProperty('foldername'),
      type: folder.getFolderProperty('type'),
      id: folder.getFolderProperty('serverID'),
      status: folder.getFolderProperty('status'),
    })),
    prompts: [...prompts],
    log: eventlog
      .get()
      .map(({ type, message, details, foldername }) => ({ type, message, details, folder: foldername })),
  };
}

export function select(name) {
  folderNamed(name).setFolderProperty('selected', true);
}

function folderNamed(name) {
  const found = account.getFolder('foldername', name);
  if (!found) throw new Error(`there is no folder ${name}`);
  return found;
}

/** The address book or calendar that a folder is kept in. */
function storeOf(name) {
  const target = folderNamed(name).getFolderProperty('target');
  const store =
    MailServices.ab.directories.find(({ UID }) => UID === target) ??
    cal.manager.getCalendars().find(({ id }) => id === target);
  if (!store) throw new Error(`${name} has nothing to be kept in`);
  return store;
}

/** vCards of an address book. */
export function cards(folder) {
  return storeOf(folder).childCards.map((card) => card.vCardProperties.toVCard());
}

/** Texts of all cards and items in all address books and calendars that this Thunderbird has, whosever they are. */
export async function everything() {
  const cards = MailServices.ab.directories.flatMap((book) => book.childCards);
  const items = await Promise.all(cal.manager.getCalendars().map(itemsOf));
  return [...cards.map((card) => card.vCardProperties.toVCard()), ...items.flat().map(wholeText)];
}

export async function addCard(folder, text) {
  const card = VCardUtils.vCardToAbCard(text);
  storeOf(folder).addCard(card);
  // TbSync gives it a key, and only then writes it down as new.
  await later(FREEZE_MS);
}

/** Replaces the properties of the card with this address, `changes` by name: a text, or null to take it away. */
export async function changeCard(folder, email, changes) {
  await later(FREEZE_MS);
  const store = storeOf(folder);
  const card = cardWith(store, email);
  for (const [name, value] of Object.entries(changes)) {
    card.vCardProperties.clearValues(name);
    if (value !== null) card.vCardProperties.addValue(name, value);
  }
  store.modifyCard(card);
}

export async function removeCard(folder, email) {
  await later(FREEZE_MS);
  const store = storeOf(folder);
  store.deleteCards([cardWith(store, email)]);
}

function cardWith(store, email) {
  const card = store.childCards.find(({ primaryEmail }) => primaryEmail === email);
  if (!card) throw new Error(`${email} is not in ${store.dirName}`);
  return card;
}

/** iCalendar texts of a calendar, a series with its exceptions as one. */
export async function items(folder) {
  return (await itemsOf(storeOf(folder))).map(wholeText);
}

async function itemsOf(calendar) {
  const found = await calendar.getItemsAsArray(Ci.calICalendar.ITEM_FILTER_ALL_ITEMS, 0, null, null);
  return found.map((item) => item.parentItem);
}

function wholeText(item) {
  const serializer = Cc['@mozilla.org/calendar/ics-serializer;1'].createInstance(Ci.calIIcsSerializer);
  serializer.addItems([item]);
  return serializer.serializeToString();
}

export async function addItem(folder, text) {
  const parser = Cc['@mozilla.org/calendar/ics-parser;1'].createInstance(Ci.calIIcsParser);
  parser.parseString(text);
  for (const item of parser.getItems()) await storeOf(folder).addItem(item);
}

/** Changes the item with this title: `change` names one of CHANGES. */
export async function changeItem(folder, title, change, ...words) {
  await later(FREEZE_MS);
  const calendar = storeOf(folder);
  const item = await itemTitled(calendar, title);
  const changed = item.clone();
  CHANGES[change](changed, ...words);
  await calendar.modifyItem(changed, item);
}

export async function removeItem(folder, title) {
  await later(FREEZE_MS);
  const calendar = storeOf(folder);
  await calendar.deleteItem(await itemTitled(calendar, title));
}

async function itemTitled(calendar, title) {
  const item = (await itemsOf(calendar)).find((one) => one.title === title);
  if (!item) throw new Error(`${title} is not in ${calendar.name}`);
  return item;
}

const CHANGES = {
  rename(item, title) {
    item.title = title;
  },
  describe(item, text) {
    item.descriptionText = text;
  },
  repeat(item, rule) {
    item.recurrenceInfo = new CalRecurrenceInfo(item);
    item.recurrenceInfo.appendRecurrenceItem(cal.createRecurrenceRule(rule));
  },
  renameOne(item, when, title) {
    const one = item.recurrenceInfo.getOccurrenceFor(inZoneOf(item, when)).clone();
    one.title = title;
    item.recurrenceInfo.modifyException(one, true);
  },
  removeOne(item, when) {
    item.recurrenceInfo.removeOccurrenceAt(inZoneOf(item, when));
  },
  complete(item) {
    item.isCompleted = true;
  },
};

/** A day of a series is named as the series names it. */
function inZoneOf(item, when) {
  const date = cal.createDateTime(when);
  date.timezone = item.startDate.timezone;
  return date;
}

/** Names and addresses that the search of the address list gives. */
export async function search(text) {
  const { network, xmltools } = tbSync().providers.eas;
  const answer = network.getDataFromResponse(await network.getSearchResults(account, text));
  const results = xmltools.nodeAsArray(xmltools.getWbxmlDataField(answer, 'Search.Response.Store.Result'));
  return {
    status: answer.Search.Response.Store.Status,
    people: results.map(({ Properties }) => Properties).filter(Boolean),
  };
}

function later(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
