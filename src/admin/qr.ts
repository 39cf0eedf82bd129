import { encodeQR } from 'qr';

/** Modules of light around a code (ISO/IEC 18004 §6.3.8). */
const QUIET = 4;

/** A QR code of the text as an SVG document, dark on light, without size: the page gives it one. */
export function qrSvg(text: string): string {
  return encodeQR(text, 'svg', { border: QUIET });
}

/** A QR code of the text in half blocks, two rows of modules a line. Light is drawn, so that it is read on dark terminals. */
export function qrTerminal(text: string): string {
  const rows = encodeQR(text, 'raw', { border: QUIET, scale: 1 });
  let drawn = '';
  for (let y = 0; y < rows.length; y += 2) {
    const [upper, lower] = [rows[y]!, rows[y + 1] ?? []];
    drawn += `${upper.map((isDark, x) => block(!isDark, lower[x] === false)).join('')}\n`;
  }
  return drawn;
}

function block(isUpperLight: boolean, isLowerLight: boolean): string {
  if (isUpperLight) return isLowerLight ? '█' : '▀';
  return isLowerLight ? '▄' : ' ';
}
