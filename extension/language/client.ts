/** The language server, in a process of its own, and what it is told of fits. */
import { join } from 'node:path';
import { type ExtensionContext, Uri, workspace } from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import {
  FIT_FORGOTTEN,
  FITTED,
  type FitForgottenParams,
  type FittedParams,
  hashText,
  type ServerOptions,
  type SmallDensity,
} from '../../protocol/server.ts';
import { Disposables } from '../disposable.ts';
import type { Engine } from '../engine.ts';
import type { FitStore, SpecFit } from '../fits/store.ts';
import type { Log } from '../log.ts';
import { LANGUAGE } from '../specs.ts';

/** Hovers with a picture beyond this many parameters are not worth what their densities cost to send. */
const MOST_DENSITIES = 500;

export class LanguageServer extends Disposables {
  readonly #client: LanguageClient;

  readonly #context: ExtensionContext;
  readonly #log: Log;
  readonly #engine: Engine;
  readonly #store: FitStore;

  constructor(context: ExtensionContext, log: Log, engine: Engine, store: FitStore) {
    super();
    this.#context = context;
    this.#log = log;
    this.#engine = engine;
    this.#store = store;
    this.#client = new LanguageClient(
      'hmask',
      'hmask language server',
      { module: join(context.extensionPath, 'dist', 'server.js'), transport: TransportKind.ipc },
      {
        documentSelector: [{ language: LANGUAGE }],
        outputChannel: log.channel,
        // What a spec or its data says is text: no command links, no HTML.
        markdown: { isTrusted: false, supportHtml: false },
        initializationOptions: () => this.#options(),
        synchronize: {
          configurationSection: 'hmask',
          fileEvents: this.own(workspace.createFileSystemWatcher('**/*.{csv,tsv,txt,gz,parquet,duckdb,ddb}')),
        },
      },
    );
    this.own(store.onDidChangeGood((key) => this.#tell(store.get(key))));
    this.own(workspace.onDidGrantWorkspaceTrust(() => this.restart()));
  }

  async start(): Promise<void> {
    await this.#client.start();
  }

  /** Starts the server anew, which then learns of all kept fits again. */
  async restart(): Promise<void> {
    await this.#client.restart();
    for (const state of this.#store.good()) this.#tell(state);
  }

  async stop(): Promise<void> {
    this.dispose();
    if (this.#client.isRunning()) await this.#client.stop();
  }

  #options(): ServerOptions {
    return { trusted: workspace.isTrusted, docs: Uri.joinPath(this.#context.extensionUri, 'docs', 'rules').toString() };
  }

  #tell(state: SpecFit): void {
    if (state.priorOnly) return; // Hovers speak of the posterior.
    this.#send(state).catch((error: unknown) => this.#log.error(error));
  }

  async #send({ uri, fit, report, text }: SpecFit): Promise<void> {
    if (!this.#client.isRunning()) return;
    if (fit === null || report === null || text === null) {
      await this.#client.sendNotification(FIT_FORGOTTEN, { uri: uri.toString() } satisfies FitForgottenParams);
      return;
    }
    const parameters = report.parameters.filter((parameter) => !parameter.masked).map((parameter) => parameter.name);
    const densities = await this.#densities(fit, parameters.slice(0, MOST_DENSITIES));
    const fitted: FittedParams = { uri: uri.toString(), report, specHash: hashText(text), densities };
    await this.#client.sendNotification(FITTED, fitted);
  }

  async #densities(fit: string, parameters: readonly string[]): Promise<FittedParams['densities']> {
    const view = await this.#engine.view(fit, { kind: 'densities', parameters });
    if (view.kind !== 'densities') return [];
    return view.densities.map(({ parameter, posterior }): readonly [string, SmallDensity] => {
      const { lower, upper, values } = posterior;
      return [parameter, { lower, upper, counts: [...values] }];
    });
  }
}
