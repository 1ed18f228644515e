import { type LogOutputChannel, window } from 'vscode';
import { visibleLines } from '../core/spec/text.ts';
import { Disposables } from './disposable.ts';

/** The output channel "hmask". It holds what a maintainer needs, stacks included; users get sentences elsewhere. */
export class Log extends Disposables {
  readonly channel: LogOutputChannel = this.own(window.createOutputChannel('hmask', { log: true }));

  info(message: string): void {
    this.channel.info(visibleLines(message));
  }

  error(problem: unknown): void {
    this.channel.error(visibleLines(problem instanceof Error ? (problem.stack ?? problem.message) : String(problem)));
  }

  show(): void {
    this.channel.show(true);
  }
}
