/** Graphviz compiled to WebAssembly: a script of its own, imported when the first diagram is drawn. */
import { Graphviz } from '@hpcc-js/wasm-graphviz';

const graphviz = Graphviz.load();

/** The picture of a graph in DOT, as SVG text. */
export const drawDot = async (dot: string): Promise<string> => (await graphviz).layout(dot, 'svg', 'dot');
