import { EAS_PROTOCOL } from '../../protocols/activesync/device/eas-contact.ts';
import { easWipeAbility } from '../../protocols/activesync/wipe/wipe-ability.ts';
import type { WipeAbilityOf } from '../devices/wipe-ability.ts';

/** The protocols that know wipes, by their word in the register of devices. */
export const WIPE_ABILITIES: ReadonlyMap<string, WipeAbilityOf> = new Map([[EAS_PROTOCOL, easWipeAbility]]);
