import { type Html, html } from './html.ts';
import { STYLE } from './style.ts';

/** What a page says, and the colour it stands under. */
export interface Shell {
  readonly title: string;
  readonly tone: 'green' | 'amber' | 'red' | 'slate' | 'violet' | 'blue';
  readonly body: Html;
}

/** A page that needs nothing else. The policy lets one with a mistake in it load nothing all the same. */
export const shell = ({ title, tone, body }: Shell): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${{ markup: STYLE }}</style>
</head>
<body class="${tone}">
<div class="band"></div>
${body}
</body>
</html>
`.markup;
