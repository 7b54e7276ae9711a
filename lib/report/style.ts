import { DARK, LIGHT, properties } from './palette.ts';

const PAGE = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere}
main,header,footer{max-width:58rem;margin:0 auto;padding:0 1.25rem}
h1,h2,h3,h4,p,ul,ol,dl,figure,table{margin:0}
h1{font-size:clamp(1.55rem,1.1rem + 2vw,2.3rem);line-height:1.18;letter-spacing:-.018em;font-weight:680;margin:.7rem 0 .75rem;text-wrap:balance}
h2{font-size:1.18rem;line-height:1.3;letter-spacing:-.008em;margin-bottom:.75rem}
h3{font-size:1rem}
h4{font-size:.9rem;font-weight:500;color:var(--quiet);line-height:1.9}
b{font-weight:620}
a{color:var(--blue)}
small{display:block;font-size:.8rem;font-weight:400;color:var(--quiet)}
code{font:.86em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;background:var(--wash);border-radius:4px;padding:.12em .38em;unicode-bidi:isolate}
pre{margin:.4rem 0 0;white-space:pre-wrap;background:var(--wash);border-radius:6px;padding:.6rem .75rem}
pre code{padding:0;background:none}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.note,.meta,.empty{color:var(--quiet);font-size:.9rem}
.note{margin-bottom:1rem}
.red{--tone:var(--red)}.amber{--tone:var(--amber)}.green{--tone:var(--green)}.blue{--tone:var(--blue)}.slate{--tone:var(--slate)}.violet{--tone:var(--violet)}
.chip{display:inline-block;color:var(--tone);border:1px solid currentColor;border-radius:1rem;padding:0 .6rem;font-size:.8rem;font-weight:600;line-height:1.5}
.chip.solid{background:var(--tone);border-color:var(--tone);color:var(--on)}
.good{color:var(--green)}.bad{color:var(--red)}`;

const PARTS = `
.band{height:5px;background:var(--tone)}
header{padding-top:2rem;padding-bottom:1.6rem}
.kind{color:var(--quiet);font-size:.88rem}.kind .chip{margin-right:.4rem}
.why{font-size:1.06rem;color:var(--quiet);max-width:46rem}
.reasons{margin-top:.7rem;padding-left:1.1rem}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:1px;margin-top:1.4rem;background:var(--rule);border:1px solid var(--rule);border-radius:10px;overflow:hidden}
.figures div{background:var(--sheet);padding:.75rem 1rem}
.figures dt{font-size:.82rem;color:var(--quiet)}
.figures dd{margin:0}.figures b{display:block;font-size:1.3rem;line-height:1.35;letter-spacing:-.01em;font-variant-numeric:tabular-nums}.figures span{font-size:.82rem;color:var(--quiet)}
.jump{margin-top:1rem;font-size:.92rem}
section{background:var(--sheet);border:1px solid var(--rule);border-radius:10px;padding:1.35rem 1.5rem 1.5rem;margin-bottom:1rem}
footer{color:var(--quiet);font-size:.82rem;padding-top:.5rem;padding-bottom:2.5rem}
table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--quiet);font-size:.85rem;padding-bottom:.35rem}
th,td{text-align:left;vertical-align:top;padding:.42rem .8rem .42rem 0;border-top:1px solid var(--rule);unicode-bidi:isolate}
th:last-child,td:last-child{padding-right:0}
thead th{border-top:0;color:var(--quiet);font-size:.8rem;font-weight:500}
tbody th{font-weight:560}
time,.after,.n{white-space:nowrap}.n{text-align:right}
.served th,.served td{min-width:7.5rem}
.timeline td:first-child{width:2.3rem;padding-right:.4rem}.after{color:var(--quiet)}
.badge{display:inline-block;min-width:1.3rem;height:1.3rem;border-radius:.65rem;background:var(--tone);color:var(--on);font-size:.72rem;font-weight:650;line-height:1.3rem;text-align:center}
.bar{position:relative;height:22px}
.track{display:flex;height:100%;border-radius:5px;overflow:hidden;background:var(--wash)}
.bar i{position:absolute;top:-4px;bottom:-4px;width:2px;margin-left:-2px;background:var(--ink)}
.goal{font-size:.82rem;color:var(--quiet);margin:.25rem 0 .8rem;line-height:1.4}.goal span{display:block;text-align:right;min-width:6rem}
.detect{background:var(--slate)}.decide{background:var(--violet)}.act{background:var(--blue)}.verify{background:var(--green)}.close{background:var(--amber)}
.track span+span{border-left:1px solid var(--sheet)}
.swatch{display:inline-block;width:.7rem;height:.7rem;border-radius:3px;margin-right:.5rem}
.phases small{margin-left:1.2rem}
.rung{margin-top:1.4rem}.rung h3{margin-bottom:.5rem}
.steps,.plain{list-style:none;padding:0}
.steps>li,.plain>li{border-top:1px solid var(--rule);padding:.65rem 0}.plain>li:last-child{padding-bottom:0}
.steps .settle{padding-left:1.25rem}
.lever{color:var(--quiet);font-size:.85rem;margin-right:.4rem}
.change{margin:.15rem 0}.change span{color:var(--quiet);font-size:.9rem}.change .digest{display:block;font-size:.8rem}.change b,.step b{unicode-bidi:isolate}
details{margin-top:.25rem;font-size:.88rem}summary{color:var(--quiet);cursor:pointer}
.verdict{border-left:3px solid var(--tone);padding-left:1rem;margin-top:.6rem}
p+table,ol+table,.facts+table{margin-top:.9rem}table+.meta{margin-top:.6rem}
.judged{font-size:.92rem;margin-top:.6rem}
.points{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.3rem;margin:.35rem 0;font-size:.8rem;font-variant-numeric:tabular-nums}
.points li{background:var(--wash);border-radius:5px;padding:.1rem .5rem}.points span{color:var(--quiet)}.points .bad{box-shadow:inset 0 0 0 1px currentColor}
.facts{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1.25rem;font-size:.92rem}.facts dt{color:var(--quiet)}.facts dd{margin:0}
.checks li{display:grid;grid-template-columns:8.8rem 1fr;gap:.2rem .9rem;align-items:start}.checks .chip{justify-self:start;white-space:nowrap}
.next{border-color:var(--blue)}.next ol{padding-left:1.3rem}.next li{margin:.45rem 0}`;

const CHART = `
figure+figure{margin-top:1.6rem}
.legend{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;font-size:.85rem;color:var(--quiet);margin:-.4rem 0 1.1rem}
.dot-of{display:inline-block;width:.7rem;height:.7rem;border-radius:50%;background:var(--tone);margin-right:.4rem}
figcaption{font-size:.88rem;color:var(--quiet);margin-bottom:.3rem}figcaption h3{display:inline;color:var(--ink);margin-right:.35rem}
.chart{display:block;width:100%;height:auto}.chart.narrow{display:none}
.chart text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;fill:var(--quiet);font-variant-numeric:tabular-nums}
.chart .end{text-anchor:end}.chart .middle,.mark text,.chart .gap-label{text-anchor:middle}
.grid{stroke:var(--rule)}.axis{stroke:var(--quiet)}
.healthy{fill:var(--green);opacity:.1}.chart .healthy-label{fill:var(--green)}
.at{stroke:var(--red);stroke-width:1.5;stroke-dasharray:6 4}.at.alarm{stroke-width:1;stroke-dasharray:2 4}.at.baseline{stroke:var(--violet);stroke-dasharray:1 4;stroke-linecap:round}.chart .level-label{fill:var(--violet)}.chart .threshold-label{fill:var(--red);font-weight:650}
.line{fill:none;stroke:var(--blue);stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
.dot{fill:none;stroke:var(--blue);stroke-width:5;stroke-linecap:round}.dot.bad{stroke:var(--red);stroke-width:8}
.strip{display:block;width:190px;max-width:100%;height:22px}.strip .good,.strip .bad{fill:none;stroke-width:7;stroke-linecap:round;opacity:.75}.strip .good{stroke:var(--green)}.strip .bad{stroke:var(--red)}.goal-line{stroke:var(--ink);stroke-width:1.5}
.gap{fill:var(--quiet);opacity:.13}
.tie{fill:none;stroke:var(--tone);opacity:.75}.mark circle{fill:var(--tone)}.chart .mark text{fill:var(--on);font-size:11px;font-weight:650}`;

const NARROW = `
.chart.wide{display:none}.chart.narrow{display:block}
main,header,footer{padding-left:1rem;padding-right:1rem}
section{margin-left:-.5rem;margin-right:-.5rem;padding:1.1rem .9rem 1.2rem}
.figures{grid-template-columns:1fr 1fr}
th,td{padding-right:.55rem}
.stack thead,.timeline thead,.until{display:none}
.timeline tr{display:grid;grid-template-columns:2.2rem 4.6rem 1fr;border-top:1px solid var(--rule);padding:.4rem 0}.timeline td{border:0;padding:.05rem 0}.timeline .after{grid-area:2/2;font-size:.85rem}.timeline td:last-child{grid-area:1/3/3/4}.timeline .sr{display:none}
.stack,.stack caption,.stack tbody,.stack tr,.stack th,.stack td{display:block}
.stack th,.stack td{border:0;padding:.08rem 0}.stack tr{border-top:1px solid var(--rule);padding:.5rem 0}
.stack td::before{content:attr(data-label) ": ";color:var(--quiet)}.stack td small{display:inline}
.points{font-size:.75rem;gap:.25rem}.points li{padding:.1rem .4rem}
.checks li{grid-template-columns:1fr}
.facts{grid-template-columns:1fr;gap:0}.facts dd{margin-bottom:.45rem}`;

const PRINT = `
:root{color-scheme:light;--ink:#000;--quiet:#3d4652}
body{background:#fff;font-size:10.5pt}
section,.figures,.figures div{background:none}
section{border:0;border-top:1px solid var(--rule);border-radius:0;padding:.9rem 0;margin:0}
header{padding-top:0}main,header,footer{max-width:none;padding-left:0;padding-right:0}
.jump{display:none}
figure,tr,.served,.phases,.pages,.sets,.facts+table,.next,.steps>li,.plain>li,.points,.figures,.bar,.legend{break-inside:avoid}h2,h3,h4,caption,thead,.judged,.step,.bar,summary{break-after:avoid}summary{list-style:none}p,li{orphans:3;widows:3}
a{color:inherit}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
details::details-content{content-visibility:visible;display:block;height:auto}`;

/** All style of the page: light and dark, wide and narrow, screen and paper (always light). */
export const STYLE = `:root{color-scheme:light dark;${properties(LIGHT)}}
@media screen and (prefers-color-scheme:dark){:root{${properties(DARK)}}}${PAGE}${PARTS}${CHART}
@media screen and (max-width:40rem){${NARROW}
}
@page{margin:16mm}
@media print{${PRINT}
}`;
