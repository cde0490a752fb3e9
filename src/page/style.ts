// The style sheet of every page: light and dark, from a phone to a wall, and on paper.

import { groundColour, otherColour, regionColours } from './palette.ts';

export interface Scheme {
  /** Text and its quieter kind, on the paper and on what lies on it. */
  readonly ink: string;
  readonly quiet: string;
  readonly paper: string;
  readonly card: string;
  readonly line: string;
  readonly warning: string;
  readonly link: string;
  /** What was, beside what will be. */
  readonly past: string;
}

export const light: Scheme = {
  ink: '#17202b',
  quiet: '#4d5a69',
  paper: '#f5f6f8',
  card: '#ffffff',
  line: '#ccd3db',
  warning: '#a63a00',
  link: '#005a9c',
  past: '#8a94a3',
};

export const dark: Scheme = {
  ink: '#e8edf3',
  quiet: '#a9b5c3',
  paper: '#0f1620',
  card: '#18222e',
  line: '#364352',
  warning: '#ffa566',
  link: '#7cc4ff',
  past: '#7f8b9b',
};

/** Why clients are still there, from the bottom: as dark as late, and each with another hue. */
export const layerColours = ['#d55e00', '#e69f00', '#56b4e9', '#0072b2'] as const;

function variables(scheme: Scheme): string {
  return Object.entries(scheme)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';');
}

const colours = regionColours.map((colour, i) => `.c${i}{fill:${colour}}`).join('');
const layers = layerColours.map((colour, i) => `.l${i}{fill:${colour}}`).join('');

/** Lines of charts, seen on light paper and on dark. */
export const lineColours = [
  '#0080c8',
  '#d55e00',
  '#009e73',
  '#cc79a7',
  '#b8860b',
  '#8a6fd1',
] as const;

const strokes = lineColours.map((colour, i) => `.s${i}{stroke:${colour}}`).join('');

/** Nothing is smaller than 13 px, on a phone as well. */
export const styleSheet = `:root{color-scheme:light dark;${variables(light)}}
@media(prefers-color-scheme:dark){:root{${variables(dark)}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:break-word}
header,main,footer{max-width:1640px;margin:0 auto;padding:0 16px}
header{padding-top:28px}
h1{font-size:clamp(24px,4vw,36px);line-height:1.2;margin:0 0 8px}
h2{font-size:22px;line-height:1.25;margin:0 0 4px}
h3{font-size:17px;margin:24px 0 4px}
p{margin:0 0 14px;color:var(--quiet);max-width:80ch}
.lead{font-size:18px}
section{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:20px 16px;margin:20px 0}
@media(min-width:700px){header,main,footer{padding-left:32px;padding-right:32px}section{padding:24px 28px}}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:4px 20px;padding:0;margin:0 0 8px}
a{color:var(--link)}
nav a{display:inline-block;padding:4px 0}
footer{padding-bottom:32px}
footer p,.note{font-size:14px}
.cards{list-style:none;display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;padding:0;margin:20px 0}
.cards li{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:14px 16px}
.cards strong{display:block;font-size:clamp(21px,6vw,28px);line-height:1.25;white-space:nowrap}
.cards span{color:var(--quiet);font-size:15px}
.columns{display:grid;grid-template-columns:minmax(0,1fr);gap:8px 40px}
@media(min-width:1100px){.columns{grid-template-columns:repeat(2,minmax(0,1fr))}}
table{border-collapse:collapse;width:100%}
caption{text-align:left;font-weight:600;padding:16px 0 6px}
th,td{padding:6px 10px 6px 0;border-bottom:1px solid var(--line);font-size:15px;vertical-align:middle}
thead th{font-size:13px;font-weight:600;color:var(--quiet)}
th.words,td.words{text-align:left;font-weight:400}
th.figure,td.figure{text-align:right}
td.figure{white-space:nowrap}
td small{display:block;font-size:13px;color:var(--quiet)}
th:last-child,td:last-child{padding-right:0}
.wide{overflow-x:auto}
.wide td.words{min-width:96px}.wide th.words{min-width:110px}
.bars{table-layout:fixed}
.bars .words{width:35%}
.bars th.figure,.bars td.figure{width:19%}
@media(max-width:520px){th,td{font-size:14px;padding-right:6px}.timeline .words,.timeline .figure{width:32%}}
.bars svg{display:block;overflow:visible}
.timeline th.figure,.timeline td.figure{width:30%;white-space:normal}
.timeline .words{width:32%}
.key{display:inline-flex;flex-wrap:wrap;align-items:center;gap:2px 10px;max-width:100%}
.key small{color:var(--quiet);font-size:13px}
.badge{flex:none}
.ink{fill:#fff;font-weight:700;font-size:13px}
.warning{display:block;font-style:normal;font-weight:600;font-size:13px;color:var(--warning)}
.before{fill:var(--past)}
.after{stroke:var(--ink);stroke-width:1;stroke-opacity:.55}
.bound{stroke:var(--warning);stroke-width:2;stroke-dasharray:4 2}
.span{fill:#0072b2}
.dot{fill:#56b4e9;stroke:var(--ink);stroke-width:1}
.maps{display:grid;grid-template-columns:minmax(0,1fr);gap:16px}
@media(min-width:900px){.maps{grid-template-columns:repeat(2,minmax(0,1fr))}}
figure{margin:0}
.maps figcaption{font-weight:600;padding-bottom:6px}
.map{display:block;width:100%;aspect-ratio:2040/900}
.ground{fill:${groundColour}}
.pale{opacity:.45}
.homes{overflow:visible}
.home{stroke:#0b1522;stroke-width:2;paint-order:stroke}
.letter{fill:#0b1522;font-weight:700;font-size:13px}
${colours}.cx{fill:${otherColour}}.cn{fill:#ff6b6b}
.c4+.letter,.c5+.letter{fill:#fff}
.chart{margin-top:8px}
.plot{padding:40px 10px 36px 52px}
.plot svg{display:block;overflow:visible}
.layer{stroke:none}
${layers}
.edge{fill:none;stroke:var(--ink);stroke-width:2;vector-effect:non-scaling-stroke}
.grid{stroke:var(--line);stroke-width:1}
.axis{stroke:var(--quiet);stroke-width:1}
.tick{fill:var(--quiet);font-size:13px}
.mark{stroke:var(--ink);stroke-width:1.5;stroke-dasharray:5 3}
.name{fill:var(--ink);font-size:13px;font-weight:600}
.line{fill:none;stroke-width:2.5;vector-effect:non-scaling-stroke}.guess{stroke-dasharray:7 5}
${strokes}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:4px 20px;padding:0;margin:10px 0 0;font-size:14px}
.legend li{display:flex;align-items:center;gap:8px}
details{margin-top:14px}
summary{cursor:pointer;font-weight:600;padding:6px 0}
:focus-visible{outline:3px solid #0072b2;outline-offset:2px}
@media print{:root{${variables({ ...light, paper: '#ffffff' })}}body{font-size:11pt}section{break-inside:avoid-page;border-color:#999}.maps{grid-template-columns:repeat(2,minmax(0,1fr))}svg{print-color-adjust:exact;-webkit-print-color-adjust:exact}.wide{overflow:visible}}
`;
