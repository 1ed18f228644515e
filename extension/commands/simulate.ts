/** "Simulate the Reference Problem": its data, and the spec that fits them, as two new files. */
import { basename, dirname, join } from 'node:path';
import { Uri, window, workspace } from 'vscode';
import { simulateManufacturing } from '../../core/data/simulate.ts';
import type { Services } from '../services.ts';

/**
 * Asks where to, unless `target` says so; a spec that is there already is opened and stays as it is.
 * @returns The spec's place; `undefined` when the user backs out.
 */
export async function simulate(_services: Services, target?: Uri): Promise<Uri | undefined> {
  const csv = target ?? (await askForFile());
  if (!csv) return undefined;
  const spec = Uri.file(join(dirname(csv.fsPath), `${basename(csv.fsPath, '.csv')}.hmask.json`));
  await workspace.fs.writeFile(csv, Buffer.from(simulateManufacturing()));
  if (!(await exists(spec))) await workspace.fs.writeFile(spec, Buffer.from(specFor(basename(csv.fsPath))));
  const document = await workspace.openTextDocument(spec);
  await window.showTextDocument(document, { preview: false });
  return spec;
}

async function askForFile(): Promise<Uri | undefined> {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const defaultUri = folder && Uri.joinPath(folder, 'manufacturing.csv');
  return window.showSaveDialog({ title: 'Simulate the Reference Problem', saveLabel: 'Simulate', defaultUri, filters: { CSV: ['csv'] } });
}

async function exists(uri: Uri): Promise<boolean> {
  return workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}

const specFor = (data: string): string => `{
  "data": ${JSON.stringify(data)},
  "response": "Production_Speed",
  "group": "Product_Group",
  "covariates": ["Feed_Speed", "Pull_Acceleration", "Cutting_Wait_Time"],
  "mask": {
    "Product_Group_1": [1, 1, 0], // Cutting_Wait_Time does not exist for this group
    "Product_Group_2": [1, 1, 1]
  },
  "family": "gaussian",
  "priors": { "intercept": "normal(0, 5)", "weights": "normal(0, 5)", "scale": "half_normal(5)" },
  "sampler": { "chains": 4, "warmup": 200, "draws": 300, "seed": 42 },
  "predictions": [
    { "group": "Product_Group_1", "at": { "Feed_Speed": 3, "Pull_Acceleration": 2 } },
    { "group": "Product_Group_2", "at": { "Feed_Speed": 3, "Pull_Acceleration": 2, "Cutting_Wait_Time": 2 } },
    { "group": "Product_Group_1", "at": { "Feed_Speed": 6, "Pull_Acceleration": 2, "Cutting_Wait_Time": 2 } },
    { "group": "Product_Group_2", "at": { "Feed_Speed": 6, "Pull_Acceleration": 2, "Cutting_Wait_Time": 2 } }
  ]
}
`;
