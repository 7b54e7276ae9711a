/** What a terminal shows, as an SVG: text that can be read and searched, in the few colours that the tree has. */

/** By the number of the escape sequence that begins it. */
const COLORS: Readonly<Record<string, string>> = {
  '31': '#ff8d85',
  '32': '#7ee787',
  '33': '#e3b341',
  '36': '#79c0ff',
  '90': '#8b949e',
};
const [WIDE, HIGH, SIZE, MARGIN] = [7.83, 19, 13, 16];

/** @param columns how wide the terminal was */
export function terminalSvg(shown: string, columns: number): string {
  const lines = shown.split('\n');
  const [width, height] = [Math.ceil(columns * WIDE + 2 * MARGIN), lines.length * HIGH + 2 * MARGIN];
  const rows = lines.map((line, n) => row(line, MARGIN + SIZE + n * HIGH));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    '<title>The live tree of an incident</title>',
    `<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>`,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${SIZE}" fill="#e6edf3">`,
    ...rows,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

/** One text a line; each change of colour begins a span. */
function row(line: string, y: number): string {
  const [first = '', ...rest] = line.split('\u001b[');
  const spans = rest.map((part) => {
    const [, codes = '', text = ''] = /^([\d;]*)m([\s\S]*)$/.exec(part) ?? [];
    return span(codes, text);
  });
  return `<text x="${MARGIN}" y="${y}" xml:space="preserve">${escaped(first)}${spans.join('')}</text>`;
}

function span(codes: string, text: string): string {
  if (text === '') return '';
  const color = codes
    .split(';')
    .map((code) => COLORS[code])
    .find((found) => found !== undefined);
  const bold = codes.split(';').includes('1') ? ' font-weight="bold"' : '';
  return color || bold
    ? `<tspan${color ? ` fill="${color}"` : ''}${bold}>${escaped(text)}</tspan>`
    : escaped(text);
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
