/**
 * A scripted phone, written by us from the specification: `node test/clients/phone.ts SCENARIO VERSION`, run by `run.ts`.
 * With `--record` there its exchanges are the captures `activesync-VERSION/SCENARIO`.
 */
import { type Cast, castOf } from './phone/cast.ts';
import { playAttachment } from './phone/play-attachment.ts';
import { playDaily } from './phone/play-daily.ts';
import { playSearch } from './phone/play-search.ts';
import { playSend } from './phone/play-send.ts';
import { playSetUp } from './phone/play-set-up.ts';
import { PHONE_SCENARIOS, type ScenarioName } from './phone/scenarios.ts';
import { Steps } from './steps.ts';

const PLAYS: Readonly<Record<ScenarioName['name'], (cast: Cast) => Promise<void>>> = {
  'set-up': playSetUp,
  daily: playDaily,
  search: playSearch,
  attachment: playAttachment,
  send: playSend,
};

const [name, wanted] = process.argv.slice(2);
const scenario = PHONE_SCENARIOS.find((one) => one.name === name);
const version = scenario?.versions.find((one) => one === wanted);
if (scenario === undefined || version === undefined) throw new TypeError('usage: phone.ts SCENARIO VERSION');
const steps = new Steps();
await PLAYS[scenario.name](castOf(steps, version));
steps.finish();
