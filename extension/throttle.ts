/**
 * Calls `action` at once, and while calls keep coming at most once in `pause` milliseconds; the last call is never lost.
 * Pure but for the clock.
 */
export function throttle(pause: number, action: () => void): { (): void; cancel(): void } {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let again = false;
  const call = () => {
    if (timer !== null) {
      again = true;
      return;
    }
    action();
    timer = setTimeout(() => {
      timer = null;
      if (!again) return;
      again = false;
      call();
    }, pause);
  };
  return Object.assign(call, {
    cancel() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      again = false;
    },
  });
}
