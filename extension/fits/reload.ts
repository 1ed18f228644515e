/** Brings a results panel back after the window was reloaded: the engine's fits went with it, but the same spec gives the same draws. */
import { isAbsolute } from 'node:path';
import { type ExtensionContext, Uri, workspace } from 'vscode';
import { Disposables } from '../disposable.ts';
import type { Fitter } from './fitter.ts';
import { type FitKey, type FitStore, keyFromLabel, keyText } from './store.ts';

/** Milliseconds up to which a fit is made again without being asked for. */
const QUICK = 15_000;

export class Reload extends Disposables {
  readonly #context: ExtensionContext;
  readonly #fitter: Fitter;

  constructor(context: ExtensionContext, fitter: Fitter, store: FitStore) {
    super();
    this.#context = context;
    this.#fitter = fitter;
    this.own(
      store.onDidChangeGood((key) => {
        const { report } = store.get(key);
        const took = report && Object.values(report.timing_ms).reduce((sum, ms) => sum + ms, 0);
        void context.workspaceState.update(memory(key), took ?? undefined);
      }),
    );
  }

  /** The fit that a panel's kept label is about; `null` when its spec is gone. Makes the fit again when that is quick. */
  async restore(label: string | null | undefined): Promise<FitKey | null> {
    if (!label) return null;
    const { path, priorOnly } = keyFromLabel(label);
    const uri = await findFile(path);
    if (!uri) return null;
    const key: FitKey = { uri, priorOnly };
    const took = this.#context.workspaceState.get<number>(memory(key));
    if (took !== undefined && took <= QUICK && workspace.isTrusted) {
      const document = await workspace.openTextDocument(uri);
      void this.#fitter.fit(document, priorOnly);
    }
    return key;
  }
}

const memory = (key: FitKey): string => `took ${keyText(key)}`;

/** The file that `workspace.asRelativePath` gave this path. */
async function findFile(path: string): Promise<Uri | null> {
  const folders = workspace.workspaceFolders ?? [];
  const candidates = isAbsolute(path)
    ? [Uri.file(path)]
    : folders.flatMap((folder) => {
        const inside = path.startsWith(`${folder.name}/`) ? [Uri.joinPath(folder.uri, path.slice(folder.name.length + 1))] : [];
        return [...inside, Uri.joinPath(folder.uri, path)];
      });
  for (const uri of candidates) {
    const found = await workspace.fs.stat(uri).then(
      () => true,
      () => false,
    );
    if (found) return uri;
  }
  return null;
}
