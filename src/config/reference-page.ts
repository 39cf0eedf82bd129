import { CONFIG_FLAG, CONFIG_VARIABLE, SETTING_KEYS, type SettingKey } from './setting-keys.ts';

const HEAD = `# Configuration

<!-- Generated from src/config/settings-schema.ts by src/config/write-reference.ts: edit there, then run
     npx node src/config/write-reference.ts -->

Nothing has to be configured: \`npm start\` alone serves. What can be set at start comes from four places; the first that
names a setting wins:

1. flags: \`npm start -- ${CONFIG_FLAG} /etc/causeway.json --listen https://[::]:8443\`
2. environment: \`CAUSEWAY_LISTEN=https://[::]:8443\`
3. a JSON file, named by \`${CONFIG_FLAG} FILE\` or \`${CONFIG_VARIABLE}\`
4. the default

A list is given by repeating the flag, by commas in a variable, by an array in the file. A list from one place replaces
that of another; they are not joined. Relative paths start at the working folder, those in the file at the file's folder.
An unknown setting, in any of the places, is refused with the name that was probably meant. Variables that Kubernetes adds for
a service called "causeway" (\`CAUSEWAY_SERVICE_…\`, \`CAUSEWAY_PORT…\`) are passed over. \`causeway check\` tries a
configuration without starting.

The certificate files are read again on SIGHUP; all other settings need a restart.

\`\`\`json
{
  "data": "/var/lib/causeway",
  "listen": ["https://0.0.0.0:8443", "http://127.0.0.1:8080"],
  "tls": { "cert": "/etc/causeway/fullchain.pem", "key": "/etc/causeway/privkey.pem" },
  "trustedProxies": ["127.0.0.1"]
}
\`\`\`
`;

function defaultText({ defaultValue }: SettingKey): string {
  if (defaultValue === undefined) return 'none';
  if (Array.isArray(defaultValue) && defaultValue.length === 0) return 'empty';
  return `\`${Array.isArray(defaultValue) ? defaultValue.join(',') : String(defaultValue)}\``;
}

function section(setting: SettingKey): string {
  const choices = setting.choices ? `, one of ${setting.choices.map((word) => `\`${word}\``).join(', ')}` : '';
  return [
    `## ${setting.key}`,
    '',
    setting.description,
    '',
    `Flag \`${setting.flag}\` · variable \`${setting.variable}\` · ${setting.kind}${choices} · default: ${defaultText(setting)}`,
    '',
  ].join('\n');
}

/** The Markdown of docs/configuration.md. */
export function referencePage(): string {
  return [HEAD, ...SETTING_KEYS.map(section)].join('\n');
}
