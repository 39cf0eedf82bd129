/** A whole day of one mailbox: phones, DAV programs and a mail server at once. Run by `run.ts`, which starts the gateway. */
import { afternoon } from './day/afternoon.ts';
import { beginDay } from './day/cast.ts';
import { evening } from './day/evening.ts';
import { morning } from './day/morning.ts';
import { noon } from './day/noon.ts';
import { Steps } from './steps.ts';

const steps = new Steps();
const day = beginDay(steps);
try {
  for (const part of [morning, noon, afternoon, evening]) await part(day);
} finally {
  day.end();
}
steps.finish();
