import type { DeviceWipe, WipeKind, WipeState } from '../../../store/device-store.ts';
import type { WipeForecast } from '../../calls/wipe.ts';
import { type Html, html, type Part } from '../html.ts';
import { badge, facts, host, type Tone, when } from './texts.ts';

const STATES: Readonly<Record<WipeState, readonly [string, Tone]>> = {
  'waiting-for-consent': ['wipe waits for a second person', 'warn'],
  pending: ['wipe waits for the device', 'warn'],
  sent: ['wipe was sent', 'warn'],
  acknowledged: ['wiped', 'bad'],
  failed: ['wipe failed', 'bad'],
  silent: ['wipe unanswered', 'bad'],
  cancelled: ['wipe cancelled', 'idle'],
};

export function wipeBadge(state: WipeState): Html {
  return badge(...STATES[state]);
}

export const KIND_WORDS: Readonly<Record<WipeKind, string>> = {
  full: 'the whole device, as far as this client can',
  account: 'only this account on it',
};

const METHODS: Readonly<Record<WipeForecast['method'], string>> = {
  full: 'The device is told to erase itself.',
  account: 'The device is told to erase this account.',
  drain: 'This client knows no wipe. What it synchronises is shown to it as emptied, so that it removes its own copy.',
};

/** What a wipe of this client does and does not, before anybody begins one. */
export function forecastView(forecast: WipeForecast): Html {
  const list = (sentences: readonly string[]) =>
    html`<ul>${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>`;
  return html`<p>${METHODS[forecast.method]}</p>
<div class="sides"><div><h3>What will be erased</h3>${list(forecast.erases)}</div><div><h3>What stays</h3>${
    forecast.keeps.length === 0 ? html`<p>Nothing that is known here.</p>` : list(forecast.keeps)
  }</div></div>${
    forecast.advice.length > 0 && html`<h3>What else to know</h3>${list(forecast.advice)}`
  }${!forecast.canBeRefusedAlone && html`<p class="box warning">This client cannot be kept out alone: it shares its password with others of the account. The password has to change.</p>`}${
    forecast.needsSecondPerson && html`<p class="box">A second person has to consent before anything is sent.</p>`
  }`;
}

/** What became of a wipe, step by step. */
export function wipeView(wipe: DeviceWipe, now: number): Part {
  return facts([
    ['State', wipeBadge(wipe.state)],
    ['Erases', KIND_WORDS[wipe.kind]],
    ['Asked for', html`by ${wipe.by}, ${when(wipe.at, now)}`],
    ['Reason', wipe.why],
    ['Consent', wipe.consentBy !== null && `by ${wipe.consentBy}`],
    ['Device heard', wipe.toldAt !== null && when(wipe.toldAt, now)],
    ['Sent', wipe.sentAt !== null && when(wipe.sentAt, now)],
    [
      'Ended',
      wipe.endedAt !== null && html`${when(wipe.endedAt, now)}${wipe.endedBy !== null && html` by ${wipe.endedBy}`}`,
    ],
    ['Because', wipe.endedWhy],
    ['Answer from', wipe.remoteAddress !== null && host(wipe.remoteAddress)],
  ]);
}
