import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviceKind } from '../../src/devices/device-kind.ts';

for (const [kind, type, agent, information] of [
  ['phone', 'iPhone', 'Apple-iPhone7C2/1307.36', { OS: 'iOS 9.3.5' }],
  ['tablet', 'iPad', 'Apple-iPad3C1/1307.36', { OS: 'iOS 9.3.5' }],
  ['phone', 'Android', 'Android/13-EAS-2.0', {}],
  ['tablet', 'Android', 'Android/9-EAS-2.0', { Model: 'SM-T510' }],
  ['phone', 'SAMSUNGSMG991B', 'SAMSUNG-SM-G991B/101.13', {}],
  ['phone', 'WP8', 'MSFT-WP/8.10.14219', {}],
  ['phone', 'PocketPC', 'MSFT-PPC/5.2.5082', {}],
  ['computer', 'WindowsOutlook15', 'Outlook/15.0 (15.0.4420.1017; MSI; x64)', {}],
  ['computer', 'WindowsMail', 'MSFT-WIN-4/6.3.9600', {}],
  ['phone', 'Outlook', 'Outlook-iOS-Android/1.0', { Model: 'Outlook for iOS and Android' }],
  ['computer', 'Thunderbird', 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Thunderbird/128.1', {}],
  ['computer', 'macOS', 'macOS/13.0 (22A380) CalendarAgent/998', {}],
  ['phone', 'DAVx5 dav4jvm', 'DAVx5/4.3.7 (dav4jvm; okhttp) Android/13', {}],
  ['phone', 'iOS dataaccessd', 'iOS/16.1 (20B82) dataaccessd/1.0', {}],
  ['computer', 'Evolution', 'Evolution/3.46.4', {}],
  ['program', 'vdirsyncer', 'vdirsyncer/0.19.1', {}],
  ['program', 'curl', 'curl/8.5.0', {}],
  ['unknown', '', '', {}],
] as const) {
  test(`a ${kind}: ${type} ${agent}`, () => {
    assert.equal(deviceKind({ type, agent, information }), kind);
  });
}
