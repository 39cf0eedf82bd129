/**
 * Runs inside Thunderbird. Loads TbSync and its ActiveSync provider, whose files stay as their packages have them: what
 * they use of Thunderbird 128 and what is gone from later ones is put around them (docs/clients.md has the list).
 */
const { MailServices } = ChromeUtils.importESModule('resource:///modules/MailServices.sys.mjs');

/** Chrome registrations end when they are collected. */
const registrations = [];
/** Credentials that the next password prompts are answered with; a prompt without any is cancelled. */
const promptAnswers = [];
/** What the add-on asked a person for. */
const prompts = [];
let sandbox = null;

export function keep(registration) {
  registrations.push(registration);
}

export function tbSync() {
  return sandbox.TbSync;
}

export { MailServices, promptAnswers, prompts };

/**
 * @param folders Where the unpacked packages lie, `core` of TbSync, `provider` of its provider, each with its version.
 */
export async function load({ core, provider }) {
  register(core.folder, 'tbsync');
  register(provider.folder, 'eas4tbsync');
  await IOUtils.makeDirectory(PathUtils.join(PathUtils.profileDir, 'TbSync'));
  const defaults = Services.prefs.getDefaultBranch('extensions.tbsync.');
  defaults.setBoolPref('log.toconsole', false);
  // 3: its log has every request and every guess.
  defaults.setIntPref('log.userdatalevel', 3);
  sandbox = Cu.Sandbox(Services.scriptSecurityManager.getSystemPrincipal(), {
    wantComponents: false,
    wantGlobalProperties: [
      'XMLHttpRequest',
      'DOMParser',
      'TextDecoder',
      'TextEncoder',
      'FileReader',
      'File',
      'atob',
      'btoa',
    ],
  });
  const versions = { 'tbsync@jobisoft.de': core.version, 'eas4tbsync@jobisoft.de': provider.version };
  Object.assign(sandbox, surroundings(versions));
  Services.scriptloader.loadSubScript('chrome://tbsync/content/tbsync.jsm', sandbox, 'UTF-8');
  const window = Services.wm.getMostRecentWindow('mail:3pane');
  await sandbox.TbSync.load(
    stage(window),
    { version: core.version },
    await extension(core.folder, 'tbsync@jobisoft.de'),
  );
  // Set by its loading; the provider begins by reading zones.
  sandbox.TbSync.lightning.ICAL = withPlainZones(sandbox.TbSync.lightning.ICAL);
  const started = await extension(provider.folder, 'eas4tbsync@jobisoft.de');
  await sandbox.TbSync.providers.loadProvider(started, 'eas', 'chrome://eas4tbsync/content/provider.js');
  if (!sandbox.TbSync.providers.eas) throw new Error(JSON.stringify(sandbox.TbSync.eventlog.get()));
  return sandbox.TbSync.modules.filter(({ state }) => state !== 2).map(({ name }) => name);
}

function register(folder, name) {
  const manifest = Services.io.newFileURI(file(folder, 'manifest.json'));
  const startup = Cc['@mozilla.org/addons/addon-manager-startup;1'].getService(Ci.amIAddonManagerStartup);
  keep(startup.registerChrome(manifest, [['content', name, 'content/']]));
}

function file(...path) {
  const { FileUtils } = ChromeUtils.importESModule('resource://gre/modules/FileUtils.sys.mjs');
  return new FileUtils.File(PathUtils.join(...path));
}

/** The names that its files expect in their global scope. */
function surroundings(versions) {
  const replaced = {
    'chrome://tbsync/content/tbsync.jsm': () => ({ TbSync: sandbox.TbSync }),
    'chrome://tbsync/content/OverlayManager.jsm': () => ({ OverlayManager: NoOverlays }),
    'resource://gre/modules/XPCOMUtils.jsm': () => ({ XPCOMUtils: { defineLazyModuleGetters } }),
    'resource://gre/modules/AddonManager.jsm': () => ({
      AddonManager: { getAddonByID: async (id) => ({ version: versions[id] }) },
    }),
  };
  const load = (url) => replaced[url]?.() ?? ChromeUtils.importESModule(url.replace(/\.jsm$/u, '.sys.mjs'));
  function defineLazyModuleGetters(target, modules) {
    for (const [name, url] of Object.entries(modules)) {
      Object.defineProperty(target, name, { configurable: true, get: () => load(url)[name] });
    }
  }
  const reportError = (error) => console.error(error);
  return {
    Services: Object.create(Services, { logins: { value: new Logins() } }),
    ...{ IOUtils, PathUtils, console, Cc, Ci, Cr, Cu },
    ChromeUtils: {
      import: load,
      importESModule: ChromeUtils.importESModule,
      defineESModuleGetters: ChromeUtils.defineESModuleGetters,
    },
    Components: {
      ...{ classes: Cc, interfaces: Ci, results: Cr, Constructor: Components.Constructor },
      isSuccessCode: (code) => Components.isSuccessCode(code),
      utils: { Sandbox: Cu.Sandbox, reportError },
    },
  };
}

/** The password store could be asked at once; since it can only be waited for, this one has the passwords. */
class Logins {
  #kept = [];

  findLogins(origin, _action, realm) {
    return this.#kept.filter((login) => login.origin === origin && login.httpRealm === realm);
  }

  removeLogin(login) {
    this.#kept = this.#kept.filter((kept) => !kept.matches(login, true));
  }

  async addLoginAsync(login) {
    this.#kept.push(login);
  }
}

class NoOverlays {
  async registerOverlay() {}
  startObserving() {}
  stopObserving() {}
}

/** The main window, whose dialogs are answered by `promptAnswers`. */
function stage(window) {
  return new Proxy(window, {
    get(target, name) {
      if (name === 'openDialog') return answerPrompt;
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

function answerPrompt(url, _name, _features, data, resolve) {
  prompts.push({ url, account: data.accountname, user: data.username });
  resolve(promptAnswers.shift() ?? false);
  return { close() {} };
}

/**
 * Definitions of zones had only the rules in force; now they have all there ever were, and the add-on takes the first of
 * each kind, of a hundred years ago.
 */
function withPlainZones(ICAL) {
  const saidBy = ([, properties], name) => properties.find(([property]) => property === name)?.[3];
  const isInForce = (rules) => saidBy(rules, 'rrule') !== undefined && !('until' in saidBy(rules, 'rrule'));
  const newestFirst = (a, b) => (saidBy(a, 'dtstart') < saidBy(b, 'dtstart') ? 1 : -1);
  const plain = (zone) => {
    const newest = zone[2].toSorted(newestFirst);
    const standard = newest.filter(([kind]) => kind === 'standard');
    const daylight = newest.filter((rules) => rules[0] === 'daylight' && isInForce(rules));
    return [zone[0], zone[1], [standard.find(isInForce) ?? standard[0], daylight[0]].filter(Boolean)];
  };
  const parse = (text) => {
    const [name, properties, components] = ICAL.parse(text);
    return [name, properties, components.map((inner) => (inner[0] === 'vtimezone' ? plain(inner) : inner))];
  };
  return { Component: ICAL.Component, parse };
}

/** What the add-on asks of its own extension: its messages. */
async function extension(folder, id) {
  const texts = await IOUtils.readJSON(PathUtils.join(folder, '_locales', 'en-US', 'messages.json'));
  const messages = new Map(Object.entries(texts).map(([name, { message }]) => [name.toLowerCase(), message]));
  const localizeMessage = (name) => messages.get(name.toLowerCase()) ?? '';
  return { id, localeData: { selectedLocale: 'en-US', messages: new Map([['en-US', messages]]), localizeMessage } };
}
