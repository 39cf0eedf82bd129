export { SYSTEM_CLOCK, SYSTEM_RANDOM } from './system-clock.ts';
