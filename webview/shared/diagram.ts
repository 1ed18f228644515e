/** DOT → a drawing in the editor's colours, by Graphviz. */
import { upright } from './format.ts';
import { diagrams } from './libraries.ts';

/** Elements and attributes that Graphviz draws with; anything else does not reach the page. */
const ELEMENTS: ReadonlySet<string> = new Set(['svg', 'g', 'ellipse', 'polygon', 'path', 'polyline', 'text', 'title']);
const ATTRIBUTES: ReadonlySet<string> = new Set([
  'viewBox',
  'transform',
  'points',
  'd',
  'cx',
  'cy',
  'rx',
  'ry',
  'x',
  'y',
  'text-anchor',
  'font-size',
  'stroke-dasharray',
]);
const SVG = 'http://www.w3.org/2000/svg';

/** The picture as plain SVG text, for saving. */
export async function drawDot(dot: string): Promise<string> {
  const { drawDot: draw } = await diagrams();
  return draw(dot);
}

/** A copy of Graphviz's SVG made of allowed elements only, coloured by classes: `latent`, `observed`, `plate`, `arrow`. */
export function themedSvg(svg: string, description: string): SVGElement {
  const source = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
  const copy = copyOf(source) as SVGElement | null;
  if (!copy) throw new Error('Graphviz drew nothing.');
  copy.setAttribute('role', 'img');
  copy.setAttribute('aria-label', description);
  copy.setAttribute('class', 'diagram');
  const box = source.getAttribute('viewBox')?.split(' ').map(Number) ?? [];
  if (box.length === 4) copy.setAttribute('style', `width: ${Math.round(box[2] * 1.25)}px`);
  return copy;
}

function copyOf(element: Element): Element | null {
  if (!ELEMENTS.has(element.localName) || element.localName === 'title') return null;
  const copy = document.createElementNS(SVG, element.localName);
  for (const { name, value } of element.attributes) if (ATTRIBUTES.has(name)) copy.setAttribute(name, value);
  const role = roleOf(element);
  if (role) copy.setAttribute('class', role);
  for (const child of element.childNodes) {
    if (child.nodeType === Node.TEXT_NODE && element.localName === 'text') copy.append(upright(child.textContent ?? ''));
    if (child.nodeType === Node.ELEMENT_NODE) {
      const inner = copyOf(child as Element);
      if (inner) copy.append(inner);
    }
  }
  return copy;
}

function roleOf(element: Element): string | null {
  const parent = element.parentElement?.getAttribute('class') ?? '';
  if (element.localName === 'ellipse') return element.getAttribute('fill') === 'white' ? 'latent' : 'observed';
  if (element.localName === 'text') return 'label';
  if (element.localName === 'path') return 'arrow';
  if (element.localName !== 'polygon') return null;
  if (parent === 'cluster') return 'plate';
  return parent === 'edge' ? 'head' : 'ground';
}
