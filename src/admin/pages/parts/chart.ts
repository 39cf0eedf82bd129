import { type Html, html } from '../html.ts';

const WIDTH = 240;
const HEIGHT = 48;

/**
 * Bars of the last minutes, oldest first, drawn on the server. What they show is said in words, too: the newest, the highest
 * and the sum.
 */
export function barChart(id: string, title: string, perMinute: readonly number[], tone: 'calm' | 'bad' = 'calm'): Html {
  const most = Math.max(1, ...perMinute);
  const step = WIDTH / Math.max(1, perMinute.length);
  const bars = perMinute.map((value, at) => {
    const height = value === 0 ? 0 : Math.max(1.5, (value / most) * (HEIGHT - 2));
    const [x, y, width] = [at * step, HEIGHT - height, step * 0.8];
    return html`<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${width.toFixed(1)}" height="${height.toFixed(1)}"/>`;
  });
  const sum = perMinute.reduce((total, value) => total + value, 0);
  const words = `${perMinute.at(-1) ?? 0} in this minute, ${Math.max(0, ...perMinute)} at most in one, ${sum} in the last ${perMinute.length} minutes`;
  return html`<figure class="chart ${tone}"><figcaption>${title}</figcaption><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-labelledby="${id}-words"><title id="${id}-words">${title}: ${words}</title><line x1="0" x2="${WIDTH}" y1="${HEIGHT}" y2="${HEIGHT}"/>${bars}</svg><p class="muted">${words}</p></figure>`;
}
