import type { Html } from './html.ts';
import { html } from './html.ts';
import type { StaticFiles } from './http/static-files.ts';
import { plainPage } from './layout.ts';

export const SIGN_IN_PATH = '/me/sign-in';
export const SIGN_OUT_PATH = '/me/sign-out';

/** Where somebody wanted to go, if it is a page of this site; null else: nobody is sent elsewhere by a link to us. */
export function wantedPage(to: string | null): string | null {
  return to !== null && /^\/(?:admin|me)(?:[/?][!-~]*)?$/u.test(to) && !to.includes('\\') ? to : null;
}

/** The page on which people sign in. `problem` says why the last try did not do. */
export function signInPage(
  files: StaticFiles,
  {
    problem,
    name,
    to,
    isSecure,
  }: { readonly problem: string | null; readonly name: string; readonly to: string; readonly isSecure: boolean },
): Html {
  return plainPage(
    files,
    'Sign in',
    problem === null ? null : { kind: 'problem', text: problem },
    html`<form method="post" action="${SIGN_IN_PATH}" class="stack"><input type="hidden" name="to" value="${to}">
<label for="name">User name</label><input id="name" name="name" type="text" inputmode="email" autocomplete="username" autocapitalize="none" spellcheck="false" required autofocus placeholder="ana@example.com" value="${name}">
<label for="password">Password</label><input id="password" name="password" type="password" autocomplete="current-password" required>
<button class="primary">Sign in</button></form>
${
  !isSecure &&
  html`<p class="box warning">This connection is not encrypted: others on the way can read the password.</p>`
}<p class="muted">Your whole address and its password. Whoever runs this server can give you a new one.</p>`,
  );
}

/** For whom a form brought here: their sign-in had ended. */
export const UNSENT_TEXT =
  'Your sign-in had ended, so what you sent was not done. After signing in you come back to its page: send it again there.';

/** How a sign-in that was refused is told. The same for an unknown name and a wrong password: nobody learns who is here. */
export function refusedText(reason: string): string {
  if (reason === 'encryption-required')
    return 'This server takes passwords over encrypted connections only. Use its https address.';
  return 'This user name and password do not fit together. Look at both, or ask whoever runs this server.';
}

export function lockedText(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  const wait = seconds < 60 ? `${seconds} seconds` : minutes === 1 ? 'a minute' : `${minutes} minutes`;
  return `Too many sign-ins failed from here or with this name. Try again in ${wait}.`;
}
