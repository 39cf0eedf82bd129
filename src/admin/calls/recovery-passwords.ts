/** A password with which a device can be unlocked whose own was forgotten. */
export interface ShownRecoveryPassword {
  readonly password: string;
  /** When the device deposited it; milliseconds since 1970. */
  readonly depositedAt: number;
}

/** Passwords that devices deposited. */
export interface RecoveryPasswordCalls {
  /** Shows the one of a device, and writes into the logs who saw it. Most devices make another one once it was used. */
  recoveryPasswordShow(input: { readonly address: string; readonly device: string }): Promise<ShownRecoveryPassword>;
}

export const RECOVERY_PASSWORD_CALLS = [
  'recoveryPasswordShow',
] as const satisfies readonly (keyof RecoveryPasswordCalls)[];
