/**
 * The large libraries, apart from the page's own script. Vega stands in the page as text and becomes code once the first tables
 * and numbers are on the screen; Graphviz is imported with the first diagram.
 */

type Charts = typeof import('../libraries/charts.ts');
type Diagrams = typeof import('../libraries/diagrams.ts');

/** What a script of this page must carry to be run. */
const { nonce } = document.currentScript as HTMLScriptElement;

let loadingCharts: Promise<Charts> | null = null;
let loadingDiagrams: Promise<Diagrams> | null = null;

/** Draws pictures. */
export function charts(): Promise<Charts> {
  loadingCharts ??= painted().then(() => {
    const script = document.createElement('script');
    script.nonce = nonce;
    script.textContent = document.getElementById('charts')!.textContent;
    document.head.append(script); // Runs at once.
    return (globalThis as unknown as { readonly hmaskCharts: Charts }).hmaskCharts;
  });
  return loadingCharts;
}

/** Draws diagrams. */
export function diagrams(): Promise<Diagrams> {
  loadingDiagrams ??= import(`${document.body.dataset.libraries}diagrams.js`) as Promise<Diagrams>;
  return loadingDiagrams;
}

/** When the next frame has been painted. */
const painted = (): Promise<void> => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
