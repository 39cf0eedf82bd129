import { type Html, html, type Part } from '../html.ts';

export interface Column<T> {
  readonly label: string;
  readonly cell: (row: T) => Part;
  /** 'number' stands at the right; 'actions' has buttons, and its label is for readers of screens only; 'who' has room for an address. */
  readonly kind?: 'number' | 'actions' | 'long' | 'who';
}

/**
 * A table that turns into cards on a narrow screen, where each cell has its label beside it. The first column names the row.
 * Roles are written out: a table laid out otherwise is none to a reader of screens.
 */
export function table<T>(
  caption: string,
  columns: readonly Column<T>[],
  rows: readonly T[],
  empty: Part = 'There is nothing here.',
): Html {
  if (rows.length === 0) return html`<p class="empty">${empty}</p>`;
  const heads = columns.map(({ label, kind }) => {
    const text = kind === 'actions' ? html`<span class="unseen">${label}</span>` : label;
    return html`<th role="columnheader" scope="col" class="${kind ?? ''}">${text}</th>`;
  });
  return html`<table role="table"><caption class="unseen">${caption}</caption><thead role="rowgroup"><tr role="row">${heads}</tr></thead>
<tbody role="rowgroup">${rows.map((row) => html`<tr role="row">${columns.map((column, at) => cellOf(column, row, at === 0))}</tr>`)}</tbody></table>`;
}

function cellOf<T>({ label, kind, cell }: Column<T>, row: T, isFirst: boolean): Html {
  if (isFirst) return html`<th role="rowheader" scope="row" class="${kind ?? ''}">${cell(row)}</th>\n`;
  return html`<td role="cell" class="${kind ?? ''}" data-label="${kind === 'actions' ? '' : label}"><div>${cell(row)}</div></td>\n`;
}
