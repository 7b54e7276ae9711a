/** Colours of the page, by what they mean; each text colour is readable on `paper`, `sheet` and, for `on`, on the tones. */
export interface Palette {
  readonly paper: string;
  readonly sheet: string;
  readonly ink: string;
  readonly quiet: string;
  readonly rule: string;
  readonly wash: string;
  readonly on: string;
  readonly red: string;
  readonly amber: string;
  readonly green: string;
  readonly blue: string;
  readonly slate: string;
  readonly violet: string;
}

export const LIGHT: Palette = {
  paper: '#f4f6f8',
  sheet: '#ffffff',
  ink: '#17202b',
  quiet: '#536072',
  rule: '#dce2e9',
  wash: '#eef1f5',
  on: '#ffffff',
  red: '#b42318',
  amber: '#8a5200',
  green: '#16704a',
  blue: '#1c5cab',
  slate: '#4a586a',
  violet: '#6941a8',
};

export const DARK: Palette = {
  paper: '#10151b',
  sheet: '#171d25',
  ink: '#e6ebf1',
  quiet: '#a1adbc',
  rule: '#2c3541',
  wash: '#202833',
  on: '#10151b',
  red: '#ff938a',
  amber: '#eeb95f',
  green: '#62cf9d',
  blue: '#82b6f6',
  slate: '#a9b6c6',
  violet: '#c0a7f0',
};

/** The palette as CSS custom properties. */
export const properties = (palette: Palette): string =>
  Object.entries(palette)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';');
