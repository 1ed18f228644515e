/** `npm start`: from a fresh clone to the first posterior. Installs, builds, and fits the example on the command line. */
import { spawnSync } from 'node:child_process';
import { relative } from 'node:path';
import { installDependencies } from './tools/install.mjs';
import { example, root } from './tools/places.mjs';
import { main, must } from './tools/run.mjs';

await main(async () => {
  await installDependencies();
  console.log('Building ...');
  await must(process.execPath, ['scripts/build.mjs'], { cwd: root });

  const spec = relative(root, example);
  console.log(`\n$ hmask fit ${spec} --histogram\n`);
  const { status } = spawnSync(process.execPath, ['dist/cli.js', 'fit', spec, '--histogram'], { cwd: root, stdio: 'inherit' });
  process.exitCode = status ?? 1;
  if (status !== 0) return;
  console.log(`
To see this in the editor, with pictures: npm run code
It opens the example in VS Code; there, run "Fit Hierarchical Model" from the command palette (F1).`);
});
