/** What both pages do alike: take pushes, keep the results of the fit on show, report their faults, say that they are there. */
import { unreachable } from '../../protocol/exhaustive.ts';
import type { PackedResults, PageMessage, PagePush, Results, ViewAnswer } from '../../protocol/page.ts';
import type { Host } from './host.ts';

/** A page with something to show. */
export interface Page<Snapshot> {
  /** @param results Those of the snapshot's fit; `null` exactly when it has none. */
  show(snapshot: Snapshot, results: Results | null): void;
  answer(answer: ViewAnswer): void;
}

/** Connects a page to the extension host. */
export function startPage<Snapshot extends { readonly fit: string | null }>(
  host: Pick<Host<PageMessage, unknown>, 'postMessage'>,
  page: Page<Snapshot>,
): void {
  let results: Results | null = null;
  let waiting: Snapshot | null = null;
  let shown = '';
  const show = (snapshot: Snapshot): void => {
    const text = JSON.stringify(snapshot);
    if (text === shown) return;
    const known = snapshot.fit === results?.fit;
    waiting = known || snapshot.fit === null ? null : snapshot;
    if (waiting !== null) {
      host.postMessage({ kind: 'want_results' });
      return;
    }
    shown = text;
    page.show(snapshot, known ? results : null);
  };
  window.addEventListener('message', ({ data }: MessageEvent<PagePush<Snapshot>>) => {
    switch (data.kind) {
      case 'results':
        results = unpackResults(data);
        if (waiting !== null && waiting.fit === data.fit) show(waiting);
        return;
      case 'snapshot':
        return show(data.snapshot);
      case 'view':
      case 'view_failed':
        return page.answer(data);
      default:
        return unreachable(data);
    }
  });
  document.addEventListener('hm-fault', (event) => host.postMessage({ kind: 'fault', message: String((event as CustomEvent).detail) }));
  window.addEventListener('error', ({ message }) => {
    // No fault: sizes changed while they were being handled, and the browser tells of them in the next frame.
    if (!message.startsWith('ResizeObserver loop')) host.postMessage({ kind: 'fault', message });
  });
  window.addEventListener('unhandledrejection', (event) => host.postMessage({ kind: 'fault', message: String(event.reason) }));
  host.postMessage({ kind: 'ready' });
}

/** Reads results as they travel. */
export function unpackResults({
  fit,
  content,
}: Pick<Extract<PagePush<unknown>, { readonly kind: 'results' }>, 'fit' | 'content'>): Results {
  const { report, structure } = JSON.parse(new TextDecoder().decode(content)) as PackedResults;
  return { fit, report, structure: { ...structure, mask: Uint8Array.from(structure.mask) } };
}
