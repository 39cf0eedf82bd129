import type { DeviceTraits } from '../../../config/device-match.ts';
import { TRAIT_PARTS } from '../../../config/device-match.ts';
import type { DevicePolicy, DeviceSettingValue } from '../../../config/device-policy.ts';
import { DEVICE_SETTING_WORDS, type DeviceSettingWords } from '../../../config/device-setting-words.ts';
import { DEVICE_SETTINGS, type DeviceSetting } from '../../../config/device-settings.ts';
import { html, type Part } from '../html.ts';
import type { Form } from '../http/form.ts';
import type { Visit } from '../page.ts';
import { area, button, check, choice, field, form } from '../parts/forms.ts';
import { matchWords } from '../parts/match.ts';
import { facts, section } from '../parts/texts.ts';

const GROUPS = [...new Set(Object.values(DEVICE_SETTING_WORDS).map(({ group }) => group))];

/** The fields of a setting are named so, since a setting could be called like another field. */
const PREFIX = 'set.';

/** All settings that a policy can have, by what they are about. */
export function policyForm(visit: Visit, policy: DevicePolicy, more: Part): Part {
  return form(
    visit,
    'set',
    (own) => [
      more,
      section('Who may go on', [
        check(own, 'required', 'Devices that do not take the policy are turned away', policy.required),
        check(own, 'allowPartial', 'Devices that can do only a part of it may go on', policy.allowPartial),
        check(own, 'allowExternal', 'Devices that another system manages may go on', policy.allowExternal),
        area(own, 'exempt', 'Devices that may go on without it, since they cannot do it', {
          value: policy.exempt.map(exemptLine).join('\n'),
          hint: 'One kind on each line, e.g. “type=Thermostat, os=Linux*”; of type, model, os, agent.',
          rows: 2,
        }),
      ]),
      GROUPS.map((group) => {
        const names = Object.keys(DEVICE_SETTINGS).filter((name) => wordsOf(name).group === group);
        return section(
          group,
          html`<div class="fields wide">${names.map((name) => settingField(own, name, policy))}</div>`,
        );
      }),
      html`<div class="buttons bar">${button('Save the policy', 'primary')}</div>`,
    ],
    { kind: 'wide' },
  );
}

function wordsOf(name: string): DeviceSettingWords {
  return DEVICE_SETTING_WORDS[name] ?? { group: 'Device', label: name };
}

function settingField(visit: Visit, name: string, { settings }: DevicePolicy): Part {
  const setting = DEVICE_SETTINGS[name]!;
  const { label, hint, values } = wordsOf(name);
  const value = settings[name] ?? setting.unset;
  const { kind } = setting;
  const below = hint !== undefined && { hint };
  if (kind.type === 'list') {
    return area(visit, PREFIX + name, label, {
      value: typeof value === 'string' ? value : value.join('\n'),
      rows: 2,
      ...below,
    });
  }
  const text = String(value);
  if (kind.type === 'boolean' || kind.values !== undefined) {
    return choice(visit, PREFIX + name, label, choicesOf(setting, values), text, { ...below });
  }
  const placeholder = setting.unset === '' ? 'not asked for' : setting.unset;
  return field(visit, PREFIX + name, label, {
    type: 'number',
    value: text,
    min: kind.min,
    max: kind.max,
    placeholder,
    ...below,
  });
}

function choicesOf({ kind, unset }: DeviceSetting, values: DeviceSettingWords['values']): [string, string][] {
  if (kind.type === 'number')
    return (kind.values ?? []).map((value) => [String(value), values?.[value] ?? String(value)]);
  // What asks for nothing stands first.
  return unset === '1'
    ? [
        ['1', 'allowed'],
        ['0', 'forbidden'],
      ]
    : [
        ['0', 'not asked for'],
        ['1', 'demanded'],
      ];
}

/** The policy that a form says; the core judges it. */
export function policyOf(sent: Form): Record<string, unknown> {
  const settings: Record<string, DeviceSettingValue> = {};
  for (const [name, { kind, unset }] of Object.entries(DEVICE_SETTINGS)) {
    const text = sent.text(PREFIX + name);
    if (kind.type === 'list') settings[name] = lines(text);
    else settings[name] = text === '' ? unset : text;
  }
  return {
    ...{ required: sent.flag('required'), allowPartial: sent.flag('allowPartial') },
    ...{ allowExternal: sent.flag('allowExternal'), exempt: lines(sent.text('exempt')).map(exemptOf), settings },
  };
}

function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function exemptLine(traits: DeviceTraits): string {
  return TRAIT_PARTS.flatMap((part) => (traits[part] === undefined ? [] : [`${part}=${traits[part]}`])).join(', ');
}

/** `type=iPhone, os=iOS 9*`; what is no part is left for the core to name. */
function exemptOf(line: string): Record<string, string> {
  const pairs = line.split(/,(?=\s*\w+=)/).map((pair): [string, string] => {
    const at = pair.indexOf('=');
    return at < 0 ? [pair.trim(), ''] : [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
  });
  return Object.fromEntries(pairs);
}

/** What the policy asks for, for who may not change it. */
export function policyFacts(policy: DevicePolicy): Part {
  const asked = Object.entries(policy.settings).map(([name, value]): [string, Part] => {
    const { label, values } = wordsOf(name);
    const words = typeof value === 'string' ? (values?.[value] ?? value) : value.join(', ');
    const choices = DEVICE_SETTINGS[name]?.kind.type === 'boolean' ? choicesOf(DEVICE_SETTINGS[name], undefined) : [];
    return [label, choices.find(([one]) => one === words)?.[1] ?? words];
  });
  return section('What it asks for', [
    asked.length === 0 ? html`<p class="empty">It asks for nothing.</p>` : facts(asked),
    facts([
      ['Without it', policy.required ? 'a device is turned away' : 'a device comes in, too'],
      ['In part', policy.allowPartial ? 'is enough' : 'is not enough'],
      ['Managed elsewhere', policy.allowExternal ? 'is fine' : 'is turned away'],
      ['Need not take it', policy.exempt.map((traits) => html`<div>${matchWords(traits)}</div>`)],
    ]),
  ]);
}
