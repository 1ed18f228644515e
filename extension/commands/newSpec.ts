/** "New Spec from Data…": response, group and covariates are picked, guesses first; the spec is written beside the file, opened and checked. */
import { basename, dirname, extname, join } from 'node:path';
import { ProgressLocation, type QuickPickItem, QuickPickItemKind, Uri, WorkspaceEdit, window, workspace } from 'vscode';
import type { ColumnOffer, SpecChoices, SpecDraft } from '../../protocol/engine.ts';
import { plainLabel, plainMessage } from '../plain.ts';
import type { Services } from '../services.ts';

const DATA = ['csv', 'tsv', 'gz', 'parquet'];
const TITLE = 'New Spec from Data';
const STEPS = 3;
const NO_GROUP = 'No group';

interface ColumnItem extends QuickPickItem {
  readonly column?: string;
}

/**
 * @param target the data file; without it the one in front, else the user picks one.
 * @returns The spec's place; `undefined` when the user backs out.
 */
export async function newSpec({ engine }: Services, target?: Uri): Promise<Uri | undefined> {
  if (!workspace.isTrusted) {
    void window.showInformationMessage('The data of a folder that is not trusted are not read; trust it first.');
    return undefined;
  }
  const data = target ?? fileInFront() ?? (await askForFile());
  if (!data) return undefined;
  const place = await freePlace(data);
  const draft = (choices: SpecChoices): Thenable<SpecDraft> =>
    window.withProgress({ location: ProgressLocation.Notification, title: `Looking at ${basename(data.fsPath)}` }, () =>
      engine.draft(place.fsPath, data.fsPath, choices),
    );
  const guess = await draft({ response: null, group: null, covariates: null });
  if (guess.columns.length === 0) throw new Error(guess.fault ?? `${basename(data.fsPath)} has no columns.`);
  const response = await pickResponse(guess);
  if (response === undefined) return undefined;
  const group = await pickGroup(guess, response);
  if (group === undefined) return undefined;
  const isGuess = response === guess.response?.column && group === (guess.group?.column ?? false);
  const again = isGuess ? guess : await draft({ response, group, covariates: null });
  const covariates = await pickCovariates(again, [response, ...(group === false ? [] : [group])]);
  if (covariates === undefined) return undefined;
  const chosen = await draft({ response, group, covariates });
  if (chosen.text === '') throw new Error(chosen.fault ?? 'No spec can be made of these columns.');
  await write(place, chosen.text);
  tellWhatIsLeftOut(chosen);
  return place;
}

function fileInFront(): Uri | undefined {
  const input: unknown = window.tabGroups.activeTabGroup.activeTab?.input;
  const uri = input !== null && typeof input === 'object' && 'uri' in input && input.uri instanceof Uri ? input.uri : undefined;
  return uri?.scheme === 'file' && DATA.includes(extname(uri.fsPath).slice(1).toLowerCase()) ? uri : undefined;
}

async function askForFile(): Promise<Uri | undefined> {
  const found = await workspace.findFiles(`**/*.{${DATA.join(',')}}`, '**/node_modules/**', 500);
  if (found.length === 0) {
    void window.showInformationMessage('This workspace has no CSV, TSV or Parquet file; put one into its folder.');
    return undefined;
  }
  const items = found
    .map((uri) => ({ uri, label: plainLabel(workspace.asRelativePath(uri)) }))
    .sort((a, b) => a.label.localeCompare(b.label));
  return (await window.showQuickPick(items, { title: TITLE, placeHolder: 'Which data?' }))?.uri;
}

/** Beside the data, under a name that nothing has yet. */
async function freePlace(data: Uri): Promise<Uri> {
  const stem = basename(data.fsPath).replace(/(\.(csv|tsv))?\.[^.]+$/i, '');
  for (let i = 1; ; i++) {
    const uri = Uri.file(join(dirname(data.fsPath), `${stem}${i === 1 ? '' : `-${i}`}.hmask.json`));
    const exists = await workspace.fs.stat(uri).then(
      () => true,
      () => false,
    );
    if (!exists) return uri;
  }
}

const itemOf = (column: ColumnOffer, description?: string): ColumnItem => ({
  label: plainLabel(column.name === '' ? '(no name)' : column.name),
  description: plainMessage([description, column.holds].filter(Boolean).join(' · ')),
  column: column.name,
});

const separator = (label: string): ColumnItem => ({ label, kind: QuickPickItemKind.Separator });

async function pickResponse({ columns, response }: SpecDraft): Promise<string | undefined> {
  const numeric = columns.filter((c) => c.isNumeric);
  const guessed = numeric.filter((c) => c.name === response?.column).map((c) => itemOf(c, response?.reason));
  const rest = numeric.filter((c) => c.name !== response?.column).map((c) => itemOf(c));
  if (guessed.length + rest.length === 0) throw new Error('No column holds numbers that could be the response.');
  const items = guessed.length === 0 ? rest : [separator('suggested'), ...guessed, separator('other columns of numbers'), ...rest];
  return (await pick(items, 1, 'What is to be explained? The response.'))?.column;
}

async function pickGroup({ columns, group }: SpecDraft, response: string): Promise<string | false | undefined> {
  const others = columns.filter((c) => c.name !== response);
  const guessed = others.filter((c) => c.name === group?.column).map((c) => itemOf(c, group?.reason));
  const rest = others.filter((c) => c.name !== group?.column).map((c) => itemOf(c));
  const none: ColumnItem = { label: NO_GROUP, description: 'all rows are alike' };
  const items =
    guessed.length === 0 ? [none, separator('columns'), ...rest] : [separator('suggested'), ...guessed, separator('others'), none, ...rest];
  const found = await pick(items, 2, 'Which rows belong together? The group.');
  return found === undefined ? undefined : (found.column ?? false);
}

async function pickCovariates({ columns, covariates }: SpecDraft, taken: readonly string[]): Promise<string[] | undefined> {
  const others = columns.filter((c) => !taken.includes(c.name));
  const item = (c: ColumnOffer): ColumnItem => ({ ...itemOf(c, c.against ?? undefined), picked: covariates.includes(c.name) });
  const useful = others.filter((c) => c.against === null);
  const useless = others.filter((c) => c.against !== null);
  const items = [...useful.map(item), ...(useless.length === 0 ? [] : [separator('hardly of use'), ...useless.map(item)])];
  if (items.length === 0) return [];
  const found = await window.showQuickPick(items, {
    title: `${TITLE} (${STEPS}/${STEPS})`,
    placeHolder: 'What may explain it? The covariates.',
    canPickMany: true,
    matchOnDescription: true,
  });
  return found?.flatMap((i) => (i.column === undefined ? [] : [i.column]));
}

function pick(items: readonly ColumnItem[], step: number, placeHolder: string): Thenable<ColumnItem | undefined> {
  return window.showQuickPick(items, { title: `${TITLE} (${step}/${STEPS})`, placeHolder, matchOnDescription: true });
}

/** One edit, which Undo takes back. */
async function write(place: Uri, text: string): Promise<void> {
  const edit = new WorkspaceEdit();
  edit.createFile(place, { contents: Buffer.from(text) });
  if (!(await workspace.applyEdit(edit))) throw new Error(`${basename(place.fsPath)} could not be written.`);
  await window.showTextDocument(place, { preview: false });
}

function tellWhatIsLeftOut({ leftOut, covariates }: SpecDraft): void {
  const [first] = leftOut.filter((l) => !covariates.includes(l.column));
  if (first === undefined) return;
  void window.showInformationMessage(plainMessage(`"${first.column}" was left out: ${first.reason}.`));
}
